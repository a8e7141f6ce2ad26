import { isFine } from '../judge/verdict.ts';
import { ONLY_SOMETIMES } from './only-sometimes.ts';
import type { CaseRun } from './result.ts';
import { brokeItsAdapter } from './standing.ts';

/** A case-run that was run again in an adapter process of its own, since the one that it shared broke. */
export interface DisplacedRun {
  readonly id: string;
  /** How the shared process broke. */
  readonly message: string;
}

/** A case-run whose trace or bundle could not be written. */
export interface UnkeptRun {
  readonly id: string;
  /** Why, and what to do about it. */
  readonly reason: string;
}

/** What the warnings are drawn from. */
export interface Occurrences {
  readonly runs: readonly CaseRun[];
  readonly displaced: readonly DisplacedRun[];
  readonly unkept: readonly UnkeptRun[];
  /** Case-runs that were planned, skipped ones too. */
  readonly planned: number;
  /** How many case-runs the adapter says it can run side by side; undefined: there is none. */
  readonly concurrency: number | undefined;
}

/** What a reader must know of a whole run and no single verdict says, a sentence each. */
export function warningsOf(occurrences: Occurrences): string[] {
  return [
    ...withoutEvidence(occurrences),
    ...brokenTogether(occurrences),
    ...disturbed(occurrences),
    ...onlySometimes(occurrences),
    ...leftOut(occurrences),
    ...notConfirmed(occurrences),
  ];
}

/** Traces or bundles that are not there although their case-runs were to leave some. */
function withoutEvidence({ unkept }: Occurrences): string[] {
  const [first] = unkept;
  return first === undefined
    ? []
    : [`the traces or bundles of ${unkept.length} case-runs could not be written (${names(unkept)}): ${first.reason}`];
}

/** A shared adapter process broke, and no case-run breaks one of its own: the blame stays with all of them. */
function brokenTogether({ runs, displaced }: Occurrences): string[] {
  const [first] = displaced;
  if (first === undefined || runs.some(brokeItsAdapter)) return [];
  const those = displaced.filter(({ message }) => message === first.message);
  return [
    `an adapter process broke that some case-runs shared, and none of them breaks one of its own (${names(those)}): ${first.message}`,
  ];
}

/** Case-runs of which more is wrong beside others than apart, by what they are there and here. What nobody judged is none. */
function disturbed({ runs, concurrency }: Occurrences): string[] {
  const those = runs.flatMap((run) => {
    const { beside } = run;
    if (beside === undefined || !isFine(run.verdict) || (TROUBLE[beside] ?? 0) <= (TROUBLE[run.verdict] ?? 0)) return [];
    return [{ id: run.id, became: `${WORDS[beside]} beside others in one adapter process, and ${WORDS[run.verdict]} in one of their own` }];
  });
  if (those.length === 0) return [];
  const kinds = [...new Set(those.map(({ became }) => became))].map((became) => {
    const alike = those.filter((each) => each.became === became);
    return `${alike.length} case-run${alike.length === 1 ? '' : 's'} ${became} (${names(alike)})`;
  });
  return [
    `${kinds.join('; ')}: the adapter says it can run ${concurrency ?? 1} side by side; its runs disturb one another, or this machine is too slow`,
  ];
}

/** Case-runs that failed beside others for something that these do not explain, and were fine apart. */
function onlySometimes({ runs, concurrency }: Occurrences): string[] {
  const those = runs.filter(({ apart }) => apart !== undefined);
  if (those.length === 0) return [];
  return [
    `${those.length} case-run${those.length === 1 ? '' : 's'} failed beside others and not in a second run, apart (${names(those)}), for what no busy machine explains. ${ONLY_SOMETIMES} (its adapter says it can run ${concurrency ?? 1} side by side)`,
  ];
}

/** How much is wrong, where anything was judged. */
const TROUBLE: Partial<Record<CaseRun['verdict'], number>> = { pass: 0, question: 1, warn: 2, fail: 3, error: 3 };

/** What became of case-runs, in the past tense. */
const WORDS: Record<CaseRun['verdict'], string> = {
  pass: 'passed',
  question: 'asked a question',
  warn: 'warned',
  fail: 'failed',
  error: 'ended in an error',
  skip: 'were skipped',
  unclear: 'were unclear',
};

/** Verdicts that a whole run might take back. */
function notConfirmed({ runs }: Occurrences): string[] {
  const those = runs.filter(({ expected }) => expected === 'not-confirmed');
  if (those.length === 0) return [];
  const what = those.length === 1 ? '1 verdict was' : `${those.length} verdicts were`;
  return [`${what} not confirmed, since the run ended before a second run of each (${names(those)}): a whole run may take them back`];
}

function leftOut({ runs, planned }: Occurrences): string[] {
  const missing = planned - runs.length;
  return missing > 0 ? [`stopped before the end: ${missing} of ${planned} case-runs were not run`] : [];
}

function names(runs: readonly { readonly id: string }[]): string {
  const shown = runs.slice(0, 5).map((run) => run.id);
  return runs.length > shown.length ? `${shown.join(', ')} and ${runs.length - shown.length} more` : shown.join(', ');
}
