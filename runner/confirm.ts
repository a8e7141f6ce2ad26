import { alikeAmong, causeOf, repeats, samplesOf } from './cause.ts';
import type { Assignment, Completed, CorpusRun } from './execute/case-run.ts';
import { runCorpus } from './execute/corpus-run.ts';
import { TimeLimitError } from './execute/time-limit.ts';
import { isFine } from './judge/verdict.ts';
import type { CaseRun } from './results/result.ts';
import { breaksBuild } from './results/standing.ts';
import { FloodError } from './worlds/run-errors.ts';

/** Confirming runs that go on at once: each has a process of its own. One at a time where a run of the first round kept others waiting. */
const CONFIRMATIONS_AT_A_TIME = 4;

/** Longest that the event loop may have been late in a confirming run, in ms, before what it shows may come of what went on beside it. */
const CROWDED_MS = 250;

/** How often what a machine was too slow for is tried with nothing beside it: whether somebody else takes the processor is chance. */
const LAST_TRIES = 3;

/** How many of those that were worse beside others than apart are tried beside each other once more. */
const TOGETHER_AGAIN = 64;

/** What carrying out case-runs with confirmation takes. */
export interface Confirming {
  readonly run: CorpusRun;
  readonly assignments: readonly Assignment[];
  /** Makes the published form of a run; `before` is its first run, where it was run again, and may be what is told all the same (`apart`). */
  readonly publish: (completed: Completed, before: FirstRun | undefined) => Promise<CaseRun | undefined>;
  /** Whether a verdict stands although a second run gave a better one. */
  readonly stands: (second: CaseRun, before: FirstRun) => boolean;
  /** Whether a verdict is told only once a second run, apart, was made, of it or of one with the same cause. */
  readonly isDoubtful: (run: CaseRun, completed: Completed) => boolean;
  readonly report: (run: CaseRun, completed: Completed) => void;
  /** The same in slower time, for what cannot be told at this pace; undefined: there is none. */
  readonly slower?: CorpusRun | undefined;
  /** After how many case-runs that break the build, confirmed where they are doubtful, no more are begun. */
  readonly bail: number;
  /** Ends the processes that runs shared, where one of them may go on with what kept others waiting. */
  readonly endShared: () => Promise<void>;
}

/** A run beside others, and what was published of it. */
export interface FirstRun {
  readonly first: CaseRun;
  readonly completed: Completed;
  /** A run beside it flooded, was stopped by a bound or broke a process, which may have been its own. */
  readonly disturbed: boolean;
}

/** A first run whose verdict is not told yet. */
interface Doubt extends Omit<FirstRun, 'disturbed'> {
  /** What it has in common with others of which one is confirmed for all; undefined: only its own second run says anything. */
  readonly cause: string | undefined;
}

/**
 * Carries out case-runs; what is doubtful is confirmed apart, where no other run can starve it. Of those that came in time and have one
 * cause a few are run again; where these show the same once more they stand for all, else each of them is run again, and the second
 * verdict is the one told. A run apart that was kept waiting is made once more with nothing beside it; where a run of the first
 * round kept others waiting nothing is beside any, and that one is the last. Where the machine was too slow even so, or the process was
 * new, it is tried up to three times more, one at a time, in slower time where there is one. Where the run is stopped before that it is
 * told as not confirmed. With a `bail` the suspects so far are confirmed as soon as there are enough of them, and the rest goes on where
 * they were none. What broke the build beside others and is fine apart is tried once more, all of it side by side in processes that are
 * new to nobody: a bug that needs company shows again, now that fewer keep each other waiting.
 */
export async function runConfirmed({
  run,
  assignments,
  publish,
  stands,
  isDoubtful,
  report,
  slower,
  bail,
  endShared,
}: Confirming): Promise<void> {
  const begun = new Set<string>();
  let broken = 0;
  const tell = (caseRun: CaseRun, completed: Completed): void => {
    if (breaksBuild(caseRun)) broken += 1;
    report(caseRun, completed);
  };
  for (let rest = assignments; rest.length > 0 && !run.stopped() && broken < bail; rest = rest.filter(({ id }) => !begun.has(id))) {
    const doubts = new Map<string, Doubt>();
    let suspects = 0;
    /** Runs that may have kept others waiting. */
    const guilty = new Set<string>();
    await runCorpus({ ...run, stopped: () => run.stopped() || broken + suspects >= bail }, rest, async (completed) => {
      begun.add(completed.assignment.id);
      if (isDisturbing(completed)) guilty.add(completed.assignment.id);
      const first = await publish(completed, undefined);
      if (first === undefined) return;
      if (!isDoubtful(first, completed)) return tell(first, completed);
      doubts.set(first.id, { first, completed, cause: causeOf(first, completed, run.protocol) });
      if (breaksBuild(first)) suspects += 1;
    });
    if (guilty.size > 0) await endShared();
    /** Runs of which the last word is the one in slower time. */
    const slow = new Set<string>();
    /** Runs apart that others beside them may have kept waiting. */
    const crowded = new Set<string>();
    /** By id, what a second run showed. */
    const confirmed = new Map<string, CaseRun>();
    /** What is better apart than beside others, told last. */
    const better = new Map<string, { readonly caseRun: CaseRun; readonly completed: Completed }>();
    const conclude = async (completed: Completed): Promise<void> => {
      const { id } = completed.assignment;
      const doubt = doubts.get(id);
      const caseRun = await publish(completed, doubt === undefined ? undefined : { ...doubt, disturbed: guilty.size > 0 });
      doubts.delete(id);
      if (caseRun === undefined) return;
      if (doubt !== undefined && caseRun.apart === undefined && repeats(caseRun, doubt.first)) confirmed.set(id, caseRun);
      if (doubt !== undefined && breaksBuild(doubt.first) && isFine(caseRun.verdict)) better.set(id, { caseRun, completed });
      else tell(caseRun, completed);
    };
    const apart = async (ids: readonly string[], concurrency: number): Promise<void> => {
      const some = assignments.filter(({ id }) => ids.includes(id));
      await runCorpus({ ...run, company: 'apart', concurrency }, some, async (completed) => {
        const { id } = completed.assignment;
        if (completed.tooSlow !== undefined) slow.add(id);
        else if (concurrency > 1 && isCrowded(completed)) crowded.add(id);
        else await conclude(completed);
      });
    };
    const together = guilty.size > 0 ? 1 : CONFIRMATIONS_AT_A_TIME;
    const innocent = [...doubts.keys()].filter((id) => !guilty.has(id));
    const sampled = alikeAmong(innocent, (id) => doubts.get(id)?.cause ?? id).map((alike) => ({ alike, samples: samplesOf(alike) }));
    await apart(
      sampled.flatMap(({ samples }) => samples),
      together,
    );
    for (const { alike, samples } of sampled) {
      const [by] = samples;
      if (by === undefined || !samples.every((id) => confirmed.has(id))) continue;
      for (const id of alike) {
        const doubt = doubts.get(id);
        if (doubt === undefined) continue;
        doubts.delete(id);
        tell({ ...doubt.first, confirmed: true, confirmedBy: by }, doubt.completed);
      }
    }
    const open = (ids: Iterable<string>): string[] => [...ids].filter((id) => doubts.has(id));
    await apart(
      open(innocent).filter((id) => !slow.has(id) && !crowded.has(id)),
      together,
    );
    await apart(open(crowded), 1);
    await apart(open(guilty), 1);
    for (let left = LAST_TRIES; left > 0 && slow.size > 0 && !run.stopped(); left -= 1) {
      const yetAgain = assignments.filter(({ id }) => slow.has(id));
      slow.clear();
      await runCorpus({ ...(slower ?? run), company: 'apart', concurrency: 1 }, yetAgain, async (completed) => {
        if (completed.tooSlow !== undefined && left > 1) slow.add(completed.assignment.id);
        else await conclude(completed);
      });
    }
    if (guilty.size === 0 && !run.stopped()) {
      const some = assignments.filter(({ id }) => better.has(id)).slice(0, TOGETHER_AGAIN);
      await runCorpus(run, some.length > 1 ? some : [], async (completed) => {
        const { id } = completed.assignment;
        const second = better.get(id)?.caseRun;
        if (second === undefined || completed.unexcused.length === 0) return;
        const third = await publish(completed, undefined);
        if (third === undefined || !stands(second, { first: third, completed, disturbed: isDisturbing(completed) })) return;
        better.delete(id);
        tell({ ...third, confirmed: false, apart: second.verdict }, completed);
      });
    }
    for (const { caseRun, completed } of better.values()) tell(caseRun, completed);
    for (const { first, completed } of doubts.values()) tell({ ...first, expected: 'not-confirmed' }, completed);
  }
}

/** Whether what a run apart shows may come of what went on beside it: somebody was late for it, or it broke off while the runner was. */
function isCrowded({ judged, performance, timeliness }: Completed): boolean {
  const isInDoubt = judged.verdict === 'error' || (judged.verdict !== 'pass' && timeliness !== 'in-time');
  return isInDoubt && (performance?.punctuality.lost.runner ?? Number.POSITIVE_INFINITY) > CROWDED_MS;
}

/** Whether a run may have kept others waiting that went on beside it: it flooded, or was stopped by a bound. */
function isDisturbing({ performance, judged, displaced }: Completed): boolean {
  const error = performance?.played.failure?.error;
  return error instanceof FloodError || error instanceof TimeLimitError || displaced !== undefined || judged.verdict === 'error';
}
