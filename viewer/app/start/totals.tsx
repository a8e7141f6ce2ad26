import { useMemo } from 'preact/hooks';
import { type Facet, readFilter, type Term, toggled, writeFilter } from '../../model/filter.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { number } from '../../model/text.ts';
import { isHollow, isStale, SHAPES, type Standing } from '../../model/verdict.ts';
import { go } from '../address.ts';

/** One total: what it counts, and the filter that shows just that. */
interface Total {
  readonly says: string;
  readonly verdict: Standing;
  readonly hollow: boolean;
  readonly terms: readonly (readonly [Facet, string])[];
  readonly count: number;
}

/** One line of totals; each is a filter. */
export function Totals({ entries, q, terms }: { readonly entries: readonly Entry[]; readonly q: string; readonly terms: readonly Term[] }) {
  const totals = useMemo(() => totalsOf(entries), [entries]);
  return (
    <ul class="totals">
      {totals.map(({ says, verdict, hollow, terms: own, count }) => {
        const on = own.every(([facet, value]) =>
          terms.some((term) => term.kind === 'facet' && term.facet === facet && term.value === value),
        );
        return (
          <li key={says}>
            <button type="button" aria-pressed={on} onClick={() => go({ q: on ? without(q, own) : withTerms(q, own) }, true)}>
              <span class={`mark v-${verdict}${hollow ? ' hollow' : ''}`} aria-hidden="true">
                {SHAPES[verdict]}
              </span>
              <b>{number(count)}</b> {says}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function totalsOf(entries: readonly Entry[]): Total[] {
  const totals: Total[] = [];
  const add = (says: string, verdict: Standing, hollow: boolean, terms: Total['terms'], is: (entry: Entry) => boolean): void => {
    const count = entries.filter(is).length;
    if (count > 0)
      totals.push({
        says: count === 1 ? says.replace(/(failure|error|question)s/, '$1').replace('that pass', 'that passes') : says,
        verdict,
        hollow,
        terms,
        count,
      });
  };
  const fails = ({ run }: Entry): boolean => run.verdict === 'fail';
  add(
    'new failures',
    'fail',
    false,
    [
      ['verdict', 'fail'],
      ['is', 'new'],
    ],
    (entry) => fails(entry) && entry.news,
  );
  add(
    'errors',
    'error',
    false,
    [
      ['verdict', 'error'],
      ['is', 'new'],
    ],
    (entry) => entry.run.verdict === 'error' && entry.news,
  );
  add(
    'known failures that pass',
    'fail',
    false,
    [
      ['verdict', 'pass'],
      ['is', 'new'],
    ],
    ({ run }) => isStale(run),
  );
  add(
    'warned',
    'warn',
    false,
    [
      ['verdict', 'warn'],
      ['is', 'new'],
    ],
    (entry) => entry.run.verdict === 'warn' && entry.news,
  );
  add(
    'questions',
    'question',
    false,
    [
      ['verdict', 'question'],
      ['is', 'new'],
    ],
    (entry) => entry.run.verdict === 'question' && entry.news,
  );
  add('too slow to tell', 'unclear', false, [['verdict', 'unclear']], ({ run }) => run.verdict === 'unclear');
  add('known failures', 'fail', true, [['is', 'known']], ({ run }) => run.expected === 'known-failure');
  add('not confirmed', 'fail', true, [['is', 'not-confirmed']], ({ run }) => run.expected === 'not-confirmed');
  add(
    'beyond the set',
    'fail',
    true,
    [
      ['verdict', 'fail'],
      ['is', 'expected'],
    ],
    ({ run }) => isHollow(run) && run.expected === 'beyond-set',
  );
  add('passed', 'pass', false, [['verdict', 'pass']], ({ run }) => run.verdict === 'pass');
  add('skipped', 'skip', false, [['verdict', 'skip']], ({ run }) => run.verdict === 'skip');
  return totals;
}

function withTerms(q: string, own: Total['terms']): string {
  const others = readFilter(q).filter((term) => term.kind !== 'facet' || (term.facet !== 'verdict' && term.facet !== 'is'));
  return own.reduce((text, [facet, value]) => toggled(text, facet, value), writeFilter(others));
}

function without(q: string, own: Total['terms']): string {
  return writeFilter(
    readFilter(q).filter((term) => term.kind !== 'facet' || !own.some(([facet, value]) => term.facet === facet && term.value === value)),
  );
}
