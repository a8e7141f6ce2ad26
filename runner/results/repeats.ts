import { withoutRepeat } from '../plan/run-id.ts';
import type { CaseRun, Verdict } from './result.ts';

/** Case-runs by their id without the number of a repeat, in the order of the first of each. */
export function repeatsOf<R extends Pick<CaseRun, 'id'>>(runs: readonly R[]): ReadonlyMap<string, readonly [R, ...R[]]> {
  const repeats = new Map<string, [R, ...R[]]>();
  for (const run of runs) {
    const id = withoutRepeat(run.id);
    const before = repeats.get(id);
    if (before === undefined) repeats.set(id, [run]);
    else before.push(run);
  }
  return repeats;
}

/** Verdicts, the worst first. What says nothing of an implementation stands behind all that does. */
const WORST_FIRST: readonly Verdict[] = ['fail', 'error', 'warn', 'question', 'pass', 'unclear', 'skip'];

/** Of repeated case-runs the one that went worst, of several the first: a pass beside it does not undo it. */
export function worstOf<R extends Pick<CaseRun, 'verdict'>>(repeats: readonly [R, ...R[]]): R {
  const rank = ({ verdict }: R): number => WORST_FIRST.indexOf(verdict);
  return repeats.reduce((worst, run) => (rank(run) < rank(worst) ? run : worst), repeats[0]);
}
