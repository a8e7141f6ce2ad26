import { useMemo } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { areaOf } from '../../../runner/results/area.ts';
import type { Matrix, MatrixCase, MatrixFinding, MatrixRow } from '../../../runner/results/matrix.ts';
import { changesOf, type MatrixChange } from '../../../runner/results/matrix-changes.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { verdictOf } from '../../../runner/results/matrix-letters.ts';
import { tallyOf } from '../../../runner/results/matrix-tally.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { brokenWords, type RuleWeight, WEIGHT_SHAPES, WEIGHTS, weightOf } from '../../model/broken-rules.ts';
import { cellWords } from '../../model/matrix-words.ts';
import { count, number, percent } from '../../model/text.ts';
import { SHAPES, shortId } from '../../model/verdict.ts';
import { Command } from '../parts/copy.tsx';
import { Plain } from '../parts/plain.tsx';
import { matrixLink } from './address.ts';

/** Most case-runs that are listed below one heading before the rest is asked for. */
const SHOWN = 12;

/** What is said of how a case-run changed. */
const CHANGED: Readonly<Record<MatrixChange['kind'], string>> = {
  worse: 'regression',
  better: 'mended',
  flips: 'goes back and forth',
  corpus: 'the case changed',
};

/** A case-run of a row that is no pass. */
interface Broken {
  readonly index: number;
  readonly each: MatrixCase;
  readonly finding: MatrixFinding;
}

/** A row, or one area of it: what is broken by rule, what is not supported, what the version changed, what changed since. */
export function RowPage({
  matter,
  row: at,
  area,
}: {
  readonly matter: MatrixMatter;
  readonly row: number;
  readonly area: string | undefined;
}) {
  const { matrix, changes, evidence } = matter;
  const row = matrix.rows[at] as MatrixRow;
  const rules = useMemo(() => brokenRules(matrix, row, area), [matrix, row, area]);
  const reasons = useMemo(() => skippedFor(matrix, row, area), [matrix, row, area]);
  const change = changesOf(matrix).find((each) => each.row === row);
  const since = changes.filter((each) => each.row === row.id && (area === undefined || areaOf(each.id) === area));
  const set = evidence[at];
  const tally = tallyOf(matrix, row, area);
  return (
    <main class="matrix row-page">
      <p class="dim">
        <a href={matrixLink({})}>Matrix</a>
        {area === undefined ? null : (
          <>
            {' › '}
            <a href={matrixLink({ row: row.id })}>
              <Plain>{`${row.title} ${columnOf(row)}`}</Plain>
            </a>
          </>
        )}
      </p>
      <h1>
        <Plain>{`${row.title} ${columnOf(row)}`}</Plain>
        {area === undefined ? null : `: ${area}`}
      </h1>
      <p class="dim">
        {cellWords(tally)}
        {row.ranAt === undefined ? null : ` · run on ${row.ranAt.slice(0, 10)}`}
        {row.url === undefined || !/^https?:/.test(row.url) ? null : (
          <>
            {' · '}
            <a href={row.url} rel="noreferrer">
              <Plain>{row.url}</Plain>
            </a>
          </>
        )}
      </p>
      {row.reason === undefined ? null : (
        <p class="notice">
          {row.state === 'not-set-up' ? 'Not set up: ' : 'Not finished: '}
          <Plain>{row.reason}</Plain>
        </p>
      )}
      {since.length === 0 ? null : (
        <section aria-label="Changes since earlier matrices">
          <h2>Changed since earlier matrices</h2>
          <ul class="case-list">
            {since.slice(0, SHOWN * 3).map((each) => (
              <li key={each.id}>
                <span class={each.kind === 'worse' ? 'regressed' : 'dim'}>{CHANGED[each.kind]}</span> {shortId(each.id)}{' '}
                <span class="dim">since {each.since.slice(0, 10)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {rules.length === 0 ? (
        <p class="empty-list">
          {tally.judged === 0 ? 'Nothing of it came to a verdict.' : `No rule is broken: ${count(tally.pass, 'case-run')} passed.`}
        </p>
      ) : (
        <section aria-label="Broken rules">
          <h2>{brokenWords(rules.map(({ weight }) => weight))}</h2>
          <ul class="rules">
            {rules.map(({ id, level, weight, broken }) => (
              <li key={id} class="rule-item">
                <RuleHead matrix={matrix} id={id} level={level} weight={weight} />
                <CaseList matrix={matrix} row={row} broken={broken} set={set} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {change === undefined || area !== undefined ? null : (
        <section aria-label="What this version changed">
          <h2>
            What this version changed <span class="dim">against {plain(columnOf(change.before))}</span>
          </h2>
          {(
            [
              ['better', change.fixed],
              ['worse', change.broken],
            ] as const
          ).map(([what, cases]) =>
            cases.length === 0 ? null : (
              <details key={what} class="changes" open={what === 'worse'}>
                <summary>
                  {number(cases.length)} {what}
                </summary>
                <ul class="case-list">
                  {cases.map((each) => (
                    <li key={each.id}>
                      <span class={what === 'better' ? 'v-pass' : 'v-fail'}>{what === 'better' ? '+' : '−'}</span> {shortId(each.id)}{' '}
                      <span class="dim">
                        <Plain>{each.title}</Plain>
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            ),
          )}
        </section>
      )}
      {reasons.length === 0 ? null : (
        <section aria-label="Not supported">
          <h2>Not supported</h2>
          <ul class="case-list">
            {reasons.map(([reason, times]) => (
              <li key={reason}>
                <span class="v-skip">–</span> {count(times, 'case-run')}: <Plain>{reason}</Plain>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

/** A rule in words, with a link to its place on the page of requirements. */
function RuleHead({ matrix, id, level, weight }: { readonly matrix: Matrix } & Omit<BrokenRule, 'broken'>) {
  const rule = Object.hasOwn(matrix.requirements, id) ? matrix.requirements[id] : undefined;
  const shape = WEIGHT_SHAPES[weight];
  return (
    <>
      <p class="cause-head">
        <span class={`mark v-${shape}`} role="img" aria-label={level === 'question' ? 'question' : `${level} broken`}>
          {SHAPES[shape]}
        </span>
        {rule === undefined ? (
          <b>{id === '' ? 'no rule is named' : plain(id)}</b>
        ) : (
          <a href={matrixLink({ view: 'rules', rule: id })}>{id}</a>
        )}{' '}
        <span class="level">{level === 'question' ? 'disputed' : level}</span>
        {rule === undefined ? null : <span class="dim"> {plain(rule.source)}</span>}
      </p>
      {rule === undefined ? null : <p class="rule">{plain(rule.text)}</p>}
      {rule?.disputed === undefined ? null : (
        <p class="dim">
          disputed. The specification: {plain(rule.disputed.spec)}. The official implementation: {plain(rule.disputed.official)}.
        </p>
      )}
    </>
  );
}

function CaseList({
  matrix,
  row,
  broken,
  set,
}: {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly broken: readonly Broken[];
  readonly set: number | undefined;
}) {
  const [first, rest] = [broken.slice(0, SHOWN), broken.slice(SHOWN)];
  const list = (some: readonly Broken[]) => (
    <ul class="case-list">
      {some.map(({ index, each, finding }) => (
        <li key={each.id}>
          <CaseLine matrix={matrix} row={row} index={index} each={each} finding={finding} set={set} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {list(first)}
      {rest.length === 0 ? null : (
        <details>
          <summary>{number(rest.length)} more</summary>
          {list(rest)}
        </details>
      )}
    </>
  );
}

function CaseLine({
  row,
  index,
  each,
  finding,
  set,
}: {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly index: number;
  readonly each: MatrixCase;
  readonly finding: MatrixFinding;
  readonly set: number | undefined;
}) {
  const verdict = verdictOf(row.verdicts[index]) ?? 'skip';
  const rate = row.rates[index];
  const again = `npx weir run '${each.case}' --role ${each.role} --binding ${each.binding}${row.reference ? '' : ` --implementation ${row.id}`}`;
  return (
    <details class="case-line">
      <summary>
        <span class={`mark v-${verdict}`} role="img" aria-label={verdict}>
          {SHAPES[verdict]}
        </span>{' '}
        <b>{shortId(each.id)}</b>{' '}
        {rate === undefined ? null : (
          <span class="v-warn">
            fails in {percent(rate.failed, 1)} of {count(rate.runs, 'run')}{' '}
          </span>
        )}
        <span class="dim">
          <Plain>{finding.message}</Plain>
        </span>
      </summary>
      <p>
        <Plain>{each.title}</Plain>
      </p>
      <p>
        <Plain>{finding.message}</Plain>
      </p>
      {set === undefined ? null : (
        <p>
          <a
            href={`evidence.html#${set === 0 ? '' : `set=${set}&`}run=${encodeURIComponent(each.id).replaceAll('%2F', '/').replaceAll('%40', '@')}`}
          >
            The frames
          </a>
          <span class="dim"> beside those of the reference pair</span>
        </p>
      )}
      <Command says="again" text={again} />
    </details>
  );
}

/** A rule that is broken in a row, and where. */
interface BrokenRule {
  readonly id: string;
  /** `question` where it is disputed. */
  readonly level: string;
  readonly weight: RuleWeight;
  readonly broken: readonly Broken[];
}

/** What is broken in a row, by rule: MUSTs before the rest, questions last, then what is broken most often. */
function brokenRules(matrix: Matrix, row: MatrixRow, area: string | undefined): BrokenRule[] {
  const rules = new Map<string, { id: string; level: string; weight: RuleWeight; broken: Broken[] }>();
  for (const [key, places] of Object.entries(row.found)) {
    const index = Number(key);
    const each = matrix.caseRuns[index];
    if (each === undefined || (area !== undefined && each.area !== area)) continue;
    const named = new Set<string>();
    for (const place of places) {
      const finding = matrix.findings[place];
      if (finding === undefined) continue;
      const weight = weightOf(finding);
      const level = weight === 'question' ? weight : finding.level;
      const id = `${weight} ${level} ${finding.requirement ?? ''}`;
      if (named.has(id)) continue;
      named.add(id);
      const entry = rules.get(id) ?? { id: finding.requirement ?? '', level, weight, broken: [] };
      entry.broken.push({ index, each, finding });
      rules.set(id, entry);
    }
  }
  return [...rules.values()].sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) || b.broken.length - a.broken.length);
}

function skippedFor(matrix: Matrix, row: MatrixRow, area: string | undefined): [string, number][] {
  const reasons = new Map<string, number>();
  for (const [key, place] of Object.entries(row.skipped)) {
    if (area !== undefined && matrix.caseRuns[Number(key)]?.area !== area) continue;
    const reason = matrix.reasons[place] ?? '';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].sort((a, b) => b[1] - a[1]);
}
