import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Assignment, type Completed, type CorpusRun, runCorpus } from './execute/corpus-run.ts';
import { TimeLimitError } from './execute/time-limit.ts';
import type { CaseRun } from './results/result.ts';
import { breaksBuild } from './results/standing.ts';
import { FloodError } from './worlds/run-errors.ts';

/** Confirming runs that go on at once: each has a process of its own. One at a time where the first round was crowded. */
const CONFIRMATIONS_AT_A_TIME = 4;

/** Longest that the event loop may have been kept from what was due, in ms, before others than the guilty may have felt it. */
const CROWDED_MS = 250;

/** What carrying out case-runs with confirmation takes. */
export interface Confirming {
  readonly run: CorpusRun;
  readonly assignments: readonly Assignment[];
  /** Makes the published form of a run; `first` is what its first run gave, where it was run again. */
  readonly publish: (completed: Completed, first: CaseRun | undefined) => Promise<CaseRun | undefined>;
  /** Whether a verdict is told only once a second run, apart, was made. */
  readonly isDoubtful: (run: CaseRun, completed: Completed) => boolean;
  readonly report: (run: CaseRun, completed: Completed) => void;
  /** The same in slower time, for what cannot be told at this pace; undefined: there is none. */
  readonly slower?: CorpusRun | undefined;
  /** After how many case-runs that break the build, confirmed where they are doubtful, no more are begun. */
  readonly bail: number;
  /** Ends the processes that runs shared, where one of them may go on with what kept others waiting. */
  readonly endShared: () => Promise<void>;
}

/**
 * Carries out case-runs; what is doubtful is run again apart, where no other run can starve it, and the second verdict is the one
 * told. Where the machine was too slow even so, or the process was new, it is run once more, in slower time where there is one, one at a time. Where the run is stopped before
 * that it is told as not confirmed. With a `bail` the suspects so far are confirmed as soon as there are enough of them, and the rest
 * goes on where they were none. Where a run of the first round kept others waiting, they are run again one at a time, and that one last.
 */
export async function runConfirmed({ run, assignments, publish, isDoubtful, report, slower, bail, endShared }: Confirming): Promise<void> {
  const begun = new Set<string>();
  let broken = 0;
  const tell = (caseRun: CaseRun, completed: Completed): void => {
    if (breaksBuild(caseRun)) broken += 1;
    report(caseRun, completed);
  };
  for (let rest = assignments; rest.length > 0 && !run.stopped() && broken < bail; rest = rest.filter(({ id }) => !begun.has(id))) {
    const doubtful = new Map<string, { readonly first: CaseRun; readonly completed: Completed }>();
    let suspects = 0;
    /** Runs that may have kept others waiting. */
    const guilty = new Set<string>();
    const pressure = monitorEventLoopDelay({ resolution: 10 });
    pressure.enable();
    await runCorpus({ ...run, stopped: () => run.stopped() || broken + suspects >= bail }, rest, async (completed) => {
      begun.add(completed.assignment.id);
      if (isDisturbing(completed)) guilty.add(completed.assignment.id);
      const first = await publish(completed, undefined);
      if (first === undefined) return;
      if (!isDoubtful(first, completed)) return tell(first, completed);
      doubtful.set(first.id, { first, completed });
      if (breaksBuild(first)) suspects += 1;
    });
    const again = assignments.filter(({ id }) => doubtful.has(id));
    pressure.disable();
    const isCrowded = guilty.size > 0 || pressure.max > CROWDED_MS * 1e6;
    if (guilty.size > 0) await endShared();
    const slow = new Set<string>();
    for (const [some, concurrency] of [
      [again.filter(({ id }) => !guilty.has(id)), isCrowded ? 1 : CONFIRMATIONS_AT_A_TIME],
      [again.filter(({ id }) => guilty.has(id)), 1],
    ] as const) {
      await runCorpus({ ...run, company: 'apart', concurrency }, some, async (completed) => {
        const { id } = completed.assignment;
        // The next run apart is one of a process that has run something.
        const isFresh = completed.performance?.punctuality.fresh === true;
        if (completed.tooSlow !== undefined && (slower !== undefined || isFresh)) {
          slow.add(id);
          return;
        }
        const caseRun = await publish(completed, doubtful.get(id)?.first);
        doubtful.delete(id);
        if (caseRun !== undefined) tell(caseRun, completed);
      });
    }
    const yetAgain = again.filter(({ id }) => slow.has(id));
    await runCorpus({ ...(slower ?? run), company: 'apart', concurrency: 1 }, yetAgain, async (completed) => {
      const caseRun = await publish(completed, doubtful.get(completed.assignment.id)?.first);
      doubtful.delete(completed.assignment.id);
      if (caseRun !== undefined) tell(caseRun, completed);
    });
    for (const { first, completed } of doubtful.values()) tell({ ...first, expected: 'not-confirmed' }, completed);
  }
}

/** Whether a run may have kept others waiting that went on beside it: it flooded, or was stopped by a bound. */
function isDisturbing({ performance, judged, displaced }: Completed): boolean {
  const error = performance?.played.failure?.error;
  return error instanceof FloodError || error instanceof TimeLimitError || displaced !== undefined || judged.verdict === 'error';
}
