import { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import { disputedSteps } from '../judge/judge-run.ts';
import { assess, briefOf, unperformed } from './assess.ts';
import type { Assignment, Completed, CorpusRun, RunEnds } from './case-run.ts';
import { castingOf, needsGolden } from './casting-of.ts';
import { type Golden, NOT_MADE } from './golden.ts';
import { perform } from './perform.ts';
import type { Performance } from './performance.ts';
import { TimeLimitError } from './time-limit.ts';

/**
 * Carries out one case-run and judges it, by `seen` where it was performed already. Where another may have broken the adapter process that it
 * shares, it is run again with fewer beside it. Throws nothing: what the world or the adapter fails by is a finding.
 */
export async function carryOut(run: CorpusRun, assignment: Assignment, company: Company, seen?: Performance): Promise<Completed> {
  const started = run.now();
  let golden = NOT_MADE;
  /** Whether another run may have broken the adapter, or kept it from starting. */
  let doubtful = (): boolean => company === 'shared';
  try {
    const outcome = await run.withEnds(assignment, company, async (ends): Promise<Completed | Displaced> => {
      doubtful = (): boolean => company !== 'alone' && ends.shared();
      const refusals = run.world.machine?.count() ?? 0;
      if (needsGolden(run, assignment)) golden = await run.golden.of(castingOf(run, assignment));
      const performance = seen ?? (await performWith(run, assignment, ends, golden));
      const cause = breakage(performance.played.failure?.error) ?? ends.broken?.();
      if (cause !== undefined && doubtful()) {
        performance.release();
        return { displaced: cause };
      }
      return assess(run, assignment, { performance, golden, ends, company, refusals, started });
    });
    return 'assignment' in outcome ? outcome : { ...(await carryOut(run, assignment, fewer(company))), ...outcome };
  } catch (error) {
    const cause = breakage(error);
    if (cause !== undefined && doubtful()) return { ...(await carryOut(run, assignment, fewer(company))), displaced: cause };
    return unperformed(run, assignment, { error, golden, started });
  }
}

function performWith(run: CorpusRun, assignment: Assignment, ends: RunEnds, golden: Golden): Promise<Performance> {
  const { timeoutMs, pace } = run;
  const given = { timeoutMs, pace, disputed: disputedSteps(briefOf(run, assignment)), fixedTimers: assignment.fixedTimers };
  return perform(run.world, { ...castingOf(run, assignment), ...ends, ...given }, golden.ok ? golden : undefined);
}

/** The company in which a run is run again when another may have broken its adapter. */
function fewer(company: Company): Company {
  return company === 'shared' ? 'apart' : 'alone';
}

/** A run whose shared adapter process broke, perhaps by another's doing. */
type Displaced = Required<Pick<Completed, 'displaced'>>;

/** What stopped the steps, where the adapter broke or was too slow. */
function breakage(error: unknown): Error | undefined {
  return (error instanceof AdapterError && error.kind !== 'refused') || error instanceof TimeLimitError ? error : undefined;
}
