import { type Cause, causesOf, GRAVITIES, gravityOf } from '../../reporters/console/causes.ts';
import { named } from '../../runner/results/named.ts';
import type { PageSet, RuleTally } from '../page.ts';
import type { Entry } from './rows-of-runs.ts';
import { count, number } from './text.ts';

/** A case-run as grouping by cause takes it, with the entry that it is. */
export interface CausedEntry {
  readonly entry: Entry;
  readonly verdict: Entry['run']['verdict'];
  readonly expected: Entry['run']['expected'];
  readonly findings: Entry['run']['findings'];
}

/** Entries that fail for one reason. */
export type EntryCause = Cause<CausedEntry>;

/** Groups entries by cause, as the console does. */
export function causesOfEntries(entries: readonly Entry[]): EntryCause[] {
  return causesOf(
    entries.map((entry): CausedEntry => {
      const { verdict, expected, findings } = entry.run;
      return { entry, verdict, expected, findings };
    }),
  );
}

/** What the first line says: `3 new failures, 2 causes`, or that there is none; of what a filter leaves where it leaves some out. */
export function headline(causes: readonly EntryCause[], entries: readonly Entry[], sets: readonly PageSet[]): string {
  const all = sets.reduce((sum, { runs }) => sum + runs.length, 0);
  if (entries.length === all) return sentence(causes, entries, sets);
  if (entries.length === 0) return 'Nothing fits the filter';
  return `Filtered to ${count(entries.length, 'case-run')}: ${sentence(causes, entries, sets).replace(/^No /, 'no ')}`;
}

function sentence(causes: readonly EntryCause[], entries: readonly Entry[], sets: readonly PageSet[]): string {
  const [gravest] = causes;
  if (gravest === undefined || gravityOf(gravest.first) !== 'failure') {
    const told = GRAVITIES.slice(1).flatMap((gravity) => told1(causes, gravity, gravity));
    return [
      `No ${entries.some(({ run }) => run.expected === 'known-failure') ? 'new failures' : 'failures'}.`,
      ...told.map((each) => `${each}.`),
    ].join(' ');
  }
  return GRAVITIES.flatMap((gravity) => told1(causes, gravity, gravity === 'failure' ? 'new failure' : gravity)).join('; ');

  function told1(all: readonly EntryCause[], gravity: string, word: string): string[] {
    const of = all.filter(({ first }) => gravityOf(first) === gravity);
    const runs = of.reduce((sum, { runs: each }) => sum + each.length, 0);
    return runs === 0 || sets.length === 0 ? [] : [`${count(runs, word)}, ${count(of.length, 'cause')}`];
  }
}

/** `1,624 case-runs kept 187 of 187 MUSTs`: rules that were examined, and were broken nowhere. */
export function kept(set: PageSet): string {
  let [examined, whole] = [0, 0];
  for (const [id, { level }] of Object.entries(set.words.requirements)) {
    const tally: RuleTally | undefined = named(set.tallies, id);
    if (tally === undefined || !(level === 'MUST' || level === 'MUST-NOT')) continue;
    examined += 1;
    if (tally.broken === 0) whole += 1;
  }
  const ran = set.runs.filter(({ verdict }) => verdict !== 'skip').length;
  return examined === 0 ? count(ran, 'case-run') : `${count(ran, 'case-run')} kept ${number(whole)} of ${count(examined, 'MUST')}`;
}
