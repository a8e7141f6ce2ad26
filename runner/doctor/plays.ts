import { withoutRepeat } from '../plan/run-id.ts';
import type { CaseRun, Results } from '../results/result.ts';
import type { Outcome } from './check.ts';
import type { FirstCase } from './first-cases.ts';

const HEADING = 'What is an error';

/** How a `handler` step words that there was not one notification. */
const SAW_NOTHING = /^the handler of .*; it saw: nothing$/;

/** What came of playing cases: no runs where there is no case to play. */
export type Played = Pick<Results, 'runs' | 'warnings'>;

/** What runs of first cases say of the adapter alone: whether its implementation does right is not asked. */
export function ofAdapter(first: FirstCase, runs: readonly CaseRun[]): Outcome {
  const title = `${first.what} (${first.case})`;
  const broke = runs.find(({ verdict }) => verdict === 'error');
  if (broke !== undefined) {
    const finding = broke.findings.find(({ judge }) => judge === 'adapter' || judge === 'harness') ?? broke.findings[0];
    return {
      is: 'broken',
      title,
      got: finding?.message ?? 'an error without words',
      mend: `Run \`${broke.reproduce}\`: it shows the steps, and the last words of the adapter.`,
      heading: HEADING,
      lines: [],
    };
  }
  const run = runs.find(({ verdict }) => verdict !== 'skip');
  if (run === undefined) return { is: 'left-out', title, why: runs[0]?.skipReason ?? 'no case of that role is there' };
  return { is: 'holds', title: run.verdict === 'pass' ? title : `${title}; its verdict is ${run.verdict}, which weir run explains` };
}

/** What the runs of a case say of a timer, or of anything else that only a pass shows. */
export function ofTimer(first: FirstCase, runs: readonly CaseRun[]): Outcome {
  const said = ofAdapter(first, runs);
  const run = runs.find(({ verdict }) => verdict !== 'skip');
  if (said.is !== 'holds' || run === undefined || run.verdict === 'pass') return said;
  return {
    is: 'left-out',
    title: `${first.what} (${first.case})`,
    why: `the case does not pass (${run.verdict}), so that nobody can tell`,
  };
}

/** What the runs of a case say of telling what handlers saw: an adapter that tells nothing at all fails every case that asks. */
export function ofHandlers(first: FirstCase, runs: readonly CaseRun[]): Outcome {
  const unheard = runs.flatMap(({ findings }) => findings).find(({ message }) => SAW_NOTHING.test(message));
  if (unheard === undefined) return ofTimer(first, runs);
  return {
    is: 'broken',
    title: `${first.what} is told (${first.case})`,
    got: unheard.message,
    mend: 'Tell each run of a handler by `handler` notifications, from `started` to `finished`; where the call never reaches a handler it is the library.',
    heading: 'A server',
    lines: [],
  };
}

/** What went wrong in a run of many cases at once and in none of them apart, in words; undefined where nothing did. */
export function disturbanceIn({ runs, warnings = [] }: Played): string | undefined {
  return (
    warnings.find((text) => text.includes('failed beside others')) ?? runs.find(({ verdict }) => verdict === 'error')?.findings[0]?.message
  );
}

/** Runs of all first cases: one after the other, all at once, where those were disturbed at once again, and then in processes of their own. */
export interface Company {
  readonly alone: Played;
  readonly beside: Played;
  readonly again: Played | undefined;
  readonly apart: Played | undefined;
}

/**
 * What runs of many cases at once say. Blamed is what happens twice in company, and does not where each run has a process of its own:
 * else the machine may be it.
 */
export function ofCompany({ alone, beside, apart, again }: Company): Outcome {
  const title = 'cases side by side in one process do not disturb each other';
  const got = disturbanceIn(beside);
  if (got === undefined) return { is: 'holds', title };
  const fine = new Set(alone.runs.filter(isFine).map(({ id }) => id));
  if (again !== undefined && disturbanceIn(again) === undefined)
    return { is: 'left-out', title, why: `once ${got}; not so the second time` };
  if (apart?.runs.some((run) => !isFine(run) && fine.has(withoutRepeat(run.id))))
    return { is: 'left-out', title, why: 'as busy as this machine is they fail in processes of their own, too' };
  const mend = 'Keep everything by its handles and nothing global, or say a lower `concurrency`.';
  return { is: 'broken', title, got, mend, heading: 'Values', lines: [] };
}

function isFine({ verdict }: Pick<CaseRun, 'verdict'>): boolean {
  return verdict === 'pass' || verdict === 'question' || verdict === 'skip';
}
