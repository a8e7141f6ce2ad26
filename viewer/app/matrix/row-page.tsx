import { useMemo } from 'preact/hooks';
import { areaOf } from '../../../runner/results/area.ts';
import type { MatrixRow } from '../../../runner/results/matrix.ts';
import { changesOf, type MatrixChange } from '../../../runner/results/matrix-changes.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { tallyOf } from '../../../runner/results/matrix-tally.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { brokenWords } from '../../model/broken-rules.ts';
import { cellWords } from '../../model/matrix-words.ts';
import { brokenRules, skippedFor } from '../../model/row-rules.ts';
import { count } from '../../model/text.ts';
import { shortId } from '../../model/verdict.ts';
import { Plain } from '../parts/plain.tsx';
import { matrixLink } from './address.ts';
import { BrokenRuleItem } from './broken-rule.tsx';
import { VersionChanges } from './version-changes.tsx';

/** Most changes since earlier matrices that are listed. */
const CHANGES_SHOWN = 36;

/** What is said of how a case-run changed. */
const CHANGED: Readonly<Record<MatrixChange['kind'], string>> = {
  worse: 'regression',
  better: 'mended',
  flips: 'goes back and forth',
  corpus: 'the case changed',
};

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
      <RowHead row={row} area={area} words={cellWords(tally)} />
      {row.reason === undefined ? null : (
        <p class="notice">
          {row.state === 'not-set-up' ? 'Not set up: ' : 'Not finished: '}
          <Plain>{row.reason}</Plain>
        </p>
      )}
      {since.length === 0 ? null : <Since changes={since} />}
      {rules.length === 0 ? (
        <p class="empty-list">
          {tally.judged === 0 ? 'Nothing of it came to a verdict.' : `No rule is broken: ${count(tally.pass, 'case-run')} passed.`}
        </p>
      ) : (
        <section aria-label="Broken rules">
          <h2>{brokenWords(rules.map(({ weight }) => weight))}</h2>
          <ul class="rules">
            {rules.map((rule) => (
              <BrokenRuleItem key={`${rule.weight} ${rule.level} ${rule.id}`} matrix={matrix} row={row} rule={rule} set={set} />
            ))}
          </ul>
        </section>
      )}
      {change === undefined || area !== undefined ? null : <VersionChanges change={change} />}
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

/** Whose row it is and what became of it in all. */
function RowHead({ row, area, words }: { readonly row: MatrixRow; readonly area: string | undefined; readonly words: string }) {
  return (
    <>
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
        {words}
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
    </>
  );
}

/** What became other than it was in earlier matrices. */
function Since({ changes }: { readonly changes: readonly MatrixChange[] }) {
  return (
    <section aria-label="Changes since earlier matrices">
      <h2>Changed since earlier matrices</h2>
      <ul class="case-list">
        {changes.slice(0, CHANGES_SHOWN).map((each) => (
          <li key={each.id}>
            <span class={each.kind === 'worse' ? 'regressed' : 'dim'}>{CHANGED[each.kind]}</span> {shortId(each.id)}{' '}
            <span class="dim">since {each.since.slice(0, 10)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
