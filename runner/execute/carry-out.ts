import { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import { type Brief, disputedSteps } from '../judge/judge-run.ts';
import { assess, unperformed } from './assess.ts';
import type { Assignment, Completed, CorpusRun } from './case-run.ts';
import { castingOf, needsGolden } from './casting-of.ts';
import { NOT_MADE } from './golden.ts';
import { perform } from './perform.ts';
import type { Performance } from './performance.ts';
import { TimeLimitError } from './time-limit.ts';

/**
 * Carries out one case-run and judges it, by `seen` where it was performed already. Where another may have broken the adapter process that it
 * shares, it is run again with fewer beside it. Throws nothing: what the world or the adapter fails by is a finding.
 */
export async function carryOut(run: CorpusRun, assignment: Assignment, company: Company, seen?: Performance): Promise<Completed> {
  const brief = briefOf(run, assignment);
  const casting = castingOf(run, assignment);
  const started = run.now();
  let golden = NOT_MADE;
  /** Whether another run may have broken the adapter, or kept it from starting. */
  let doubtful = (): boolean => company === 'shared';
  try {
    const outcome = await run.withEnds(assignment, company, async (ends): Promise<Completed | Displaced> => {
      doubtful = (): boolean => company !== 'alone' && ends.shared();
      const given = { timeoutMs: run.timeoutMs, pace: run.pace, disputed: disputedSteps(brief), fixedTimers: assignment.fixedTimers };
      const refusals = run.world.machine?.count() ?? 0;
      if (needsGolden(run, assignment)) golden = await run.golden.of(casting);
      const performance = seen ?? (await perform(run.world, { ...casting, ...ends, ...given }, golden.ok ? golden : undefined));
      const cause = breakage(performance.played.failure?.error) ?? ends.broken?.();
      if (cause !== undefined && doubtful()) {
        performance.release();
        return { displaced: cause };
      }
      return assess(run, assignment, { brief, casting, performance, golden, ends, company, refusals, started });
    });
    return 'assignment' in outcome ? outcome : { ...(await carryOut(run, assignment, fewer(company))), ...outcome };
  } catch (error) {
    const cause = breakage(error);
    if (cause !== undefined && doubtful()) return { ...(await carryOut(run, assignment, fewer(company))), displaced: cause };
    return unperformed(run, assignment, { error, brief, golden, started });
  }
}

/** What the judges are told of a case-run. */
function briefOf({ protocol, requirements, strict, opponent }: CorpusRun, { case: loaded, role }: Assignment): Brief {
  return { protocol, case: loaded, role, requirements, strict, opponent };
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
