import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { Keeping } from '../../../runner/results/keeping.ts';
import type { Matrix, MatrixRow } from '../../../runner/results/matrix.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { count, number } from '../../model/text.ts';
import { Plain } from '../parts/plain.tsx';
import { filterBy, type MatrixAddress, matrixLink } from './address.ts';

/** Which rules are listed. */
const CHOICES = ['all', 'broken by somebody', 'disputed', 'not tested'] as const;
type Choice = (typeof CHOICES)[number];

/** What tests a requirement. */
type RuleTests = NonNullable<Matrix['tests']>[string];

/** What one row makes of a rule in one role. */
interface Voice {
  readonly row: MatrixRow;
  readonly role: 'client' | 'server';
  readonly keeping: Keeping;
}

const SHOWN: Readonly<Record<Keeping, readonly [shape: string, name: string, says: string]>> = {
  kept: ['●', 'v-pass', 'kept'],
  broken: ['✕', 'v-fail', 'broken'],
  flaky: ['≈', 'v-warn', 'broken sometimes'],
  question: ['?', 'v-question', 'a question'],
  unsupported: ['–', 'v-skip', 'not supported'],
  'not-run': ['·', 'v-skip', 'not tested'],
};

/** The specification as a heat map: every rule in its order, who keeps it, and what tests it. */
export function RuleMap({ matter, address }: { readonly matter: MatrixMatter; readonly address: MatrixAddress }) {
  const { matrix } = matter;
  const { tests = {} } = matrix;
  const all = useMemo(() => rulesOf(matrix), [matrix]);
  const [choice, setChoice] = useState<Choice>('all');
  const target = useRef<HTMLLIElement>(null);
  useEffect(() => target.current?.scrollIntoView({ block: 'center' }), [address.rule]);
  const q = address.q.trim().toLowerCase();
  const fits = (each: (typeof all)[number], wanted: Choice): boolean => {
    switch (wanted) {
      case 'all':
        return true;
      case 'broken by somebody':
        return each.voices.some(({ keeping }) => keeping === 'broken' || keeping === 'flaky');
      case 'disputed':
        return each.rule.disputed !== undefined;
      case 'not tested':
        return each.voices.every(({ keeping }) => keeping === 'not-run' || keeping === 'unsupported');
    }
  };
  const shown = all.filter(
    (each) =>
      each.id === address.rule ||
      (fits(each, choice) && (q === '' || `${each.id} ${each.rule.level} ${each.rule.source} ${each.rule.text}`.toLowerCase().includes(q))),
  );
  return (
    <main class="start rules-page matrix-rules">
      <section>
        <h1>
          {plain(matrix.title)}: {count(all.length, 'requirement')} <span class="dim">and who keeps them</span>
        </h1>
        <ul class="totals">
          {CHOICES.map((each) => (
            <li key={each}>
              <button type="button" aria-pressed={each === choice} onClick={() => setChoice(each)}>
                <b>{number(all.filter((one) => fits(one, each)).length)}</b> {each}
              </button>
            </li>
          ))}
        </ul>
        <div class="filter">
          <label class="field">
            <span class="sr">Filter requirements</span>
            <input
              type="search"
              placeholder="Filter: an id, a level, a word of the rule"
              value={address.q}
              onInput={(event) => filterBy(event.currentTarget.value)}
            />
          </label>
        </div>
      </section>
      {shown.length === 0 ? <p class="empty-list">There is none.</p> : null}
      <ul class="rules">
        {shown.map(({ id, rule, voices }) => (
          <li key={id} {...(id === address.rule ? { ref: target } : {})} class={`rule-item${id === address.rule ? ' current' : ''}`}>
            <p class="cause-head">
              <a href={matrixLink({ view: 'rules', rule: id })}>{id}</a> <span class="level">{rule.level}</span>{' '}
              <span class="dim">
                {rule.role === 'both' ? 'client and server' : rule.role} · {plain(rule.source)}
              </span>
            </p>
            <p class="rule">{plain(rule.text)}</p>
            {rule.unobservable === undefined ? null : <p class="dim">Nothing from outside can see it: {plain(rule.unobservable)}</p>}
            <Voices voices={voices} />
            {rule.disputed === undefined ? null : <Dispute rule={rule.disputed} voices={voices} />}
            {Object.hasOwn(tests, id) ? <Tests tests={tests[id] as RuleTests} /> : null}
          </li>
        ))}
      </ul>
    </main>
  );
}

/** A mark for each row, and who they are in words. */
function Voices({ voices }: { readonly voices: readonly Voice[] }) {
  const kept = voices.filter(({ keeping }) => keeping === 'kept').length;
  const judged = voices.filter(({ keeping }) => keeping !== 'unsupported' && keeping !== 'not-run').length;
  return (
    <p class="voices">
      <span class="bar">
        {voices.map(({ row, role, keeping }) => {
          const [shape, name, says] = SHOWN[keeping];
          const whose = `${row.title} ${columnOf(row)}, ${role}: ${says}`;
          return (
            <a key={`${row.id} ${role}`} href={matrixLink({ row: row.id })} class={name} title={plain(whose)} aria-label={plain(whose)}>
              {shape}
            </a>
          );
        })}
      </span>{' '}
      <span class="dim nowrap">{judged === 0 ? 'not tested on any of them' : `kept by ${number(kept)} of ${number(judged)}`}</span>
    </p>
  );
}

/** Both readings of a disputed rule, and who follows which. */
function Dispute({
  rule,
  voices,
}: {
  readonly rule: NonNullable<Matrix['requirements'][string]['disputed']>;
  readonly voices: readonly Voice[];
}) {
  const names = (some: readonly Voice[]): string =>
    some.map(({ row, role }) => `${row.title} ${columnOf(row)} (${role})`).join(', ') || 'nobody here';
  const looked = voices.filter(({ keeping }) => keeping === 'kept');
  const other = voices.filter(({ keeping }) => keeping === 'question');
  const [spec, official] = rule.demanded === 'spec' ? [looked, other] : rule.demanded === 'official' ? [other, looked] : [[], []];
  return (
    <div class="dispute">
      <p>
        <b>The specification</b>: {plain(rule.spec)}
        {rule.demanded === 'both' ? null : (
          <span class="dim">
            {' '}
            Followed by <Plain>{names(spec)}</Plain>.
          </span>
        )}
      </p>
      <p>
        <b>The official implementation</b>: {plain(rule.official)}
        {rule.demanded === 'both' ? null : (
          <span class="dim">
            {' '}
            Followed by <Plain>{names(official)}</Plain>.
          </span>
        )}
      </p>
    </div>
  );
}

function Tests({ tests: { cases, invariants, mutants } }: { readonly tests: RuleTests }) {
  const parts = [
    count(cases, 'case'),
    ...(invariants.length === 0 ? [] : [`${count(invariants.length, 'invariant')} (${invariants.join(', ')})`]),
    ...(mutants === undefined
      ? []
      : [
          mutants.killed === undefined
            ? count(mutants.listed, 'mutant')
            : `${number(mutants.killed)} of ${count(mutants.listed, 'mutant')} killed`,
        ]),
  ];
  return <p class="dim">tested by {parts.join(', ')}</p>;
}

function rulesOf({
  requirements,
  rows,
}: Matrix): { readonly id: string; readonly rule: Matrix['requirements'][string]; readonly voices: readonly Voice[] }[] {
  return Object.entries(requirements).map(([id, rule]) => ({
    id,
    rule,
    voices: rows.flatMap((row) =>
      (['client', 'server'] as const).flatMap((role): Voice[] => {
        const keeping = row.kept[role]?.[id];
        return keeping === undefined ? [] : [{ row, role, keeping }];
      }),
    ),
  }));
}
