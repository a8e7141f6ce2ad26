import { withoutRole } from '../plan/run-id.ts';
import { seedOf } from '../seed-of.ts';
import type { Assignment, CorpusRun } from './case-run.ts';
import type { Casting } from './casting.ts';

/** Whether a run cannot be judged, whatever is seen of it, without its golden trace. */
export function needsGolden({ goldenUse }: CorpusRun, { case: { trace } }: Assignment): boolean {
  return goldenUse !== 'needed' || trace === 'equivalent';
}

/**
 * Without the bound that an implementation is given: what a reference pair does is the same whatever it is. Its seed hangs on no role, so that
 * one performance does for either.
 */
export function castingOf({ protocol, procedureKinds, seed }: CorpusRun, assignment: Assignment): Omit<Casting, 'client' | 'server'> {
  return { ...assignment, fixedTimers: undefined, protocol, procedureKinds, seed: seedOf(seed, withoutRole(assignment.id)) };
}
