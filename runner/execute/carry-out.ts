import { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import { unexcused } from '../judge/excuse.ts';
import { failureFinding } from '../judge/failure.ts';
import { type Brief, disputedSteps, type Judged, judgeRun, whereaboutsOf } from '../judge/judge-run.ts';
import { isOwnBurden } from '../judge/own-burden.ts';
import { timelinessOf, tooSlowToTell, withoutLateFindings, withoutLatePeers } from '../judge/punctuality.ts';
import { byWeight, verdictOf } from '../judge/verdict.ts';
import { withoutRole } from '../plan/run-id.ts';
import { seedOf } from '../seed-of.ts';
import type { Assignment, Completed, CorpusRun } from './case-run.ts';
import type { Casting } from './casting.ts';
import { type Golden, NOT_MADE } from './golden.ts';
import { perform } from './perform.ts';
import type { Performance } from './performance.ts';
import { TimeLimitError } from './time-limit.ts';

/**
 * Carries out one case-run and judges it, by `seen` where it was performed already. Where another may have broken the adapter process that it
 * shares, it is run again with fewer beside it. Throws nothing: what the world or the adapter fails by is a finding.
 */
export async function carryOut(run: CorpusRun, assignment: Assignment, company: Company, seen?: Performance): Promise<Completed> {
  const brief = {
    protocol: run.protocol,
    case: assignment.case,
    role: assignment.role,
    requirements: run.requirements,
    strict: run.strict,
    opponent: run.opponent,
  };
  const casting = castingOf(run, assignment);
  const started = run.now();
  let golden = NOT_MADE;
  /** Whether another run may have broken the adapter, or kept it from starting. */
  let doubtful = (): boolean => company === 'shared';
  try {
    const outcome = await run.withEnds(assignment, company, async (ends): Promise<Completed | Displaced> => {
      doubtful = (): boolean => company !== 'alone' && ends.shared();
      const refused = run.world.machine?.count() ?? 0;
      const isNeeded = needsGolden(run, assignment);
      if (isNeeded) golden = await run.golden.of(casting);
      const { timeoutMs, pace } = run;
      const given = { timeoutMs, pace, disputed: disputedSteps(brief), fixedTimers: assignment.fixedTimers };
      const performance = seen ?? (await perform(run.world, { ...casting, ...ends, ...given }, golden.ok ? golden : undefined));
      const cause = breakage(performance.played.failure?.error) ?? ends.broken?.();
      if (cause !== undefined && doubtful()) {
        performance.release();
        return { displaced: cause };
      }
      const judge = (by: Golden | undefined): Judged => withBreakage(judgeRun(brief, performance, by), performance, ends.broken?.(), brief);
      let judged = judge(isNeeded ? golden : undefined);
      if (!isNeeded && judged.verdict !== 'pass') {
        golden = await run.golden.of(casting);
        judged = judge(golden);
      }
      judged = unlessRefused(judged, run, brief, refused);
      const timed = { performance, loaded: assignment.case, protocol: run.protocol, world: run.world };
      judged = withoutLatePeers(judged, timed, run.strict);
      const isOwnDoing = (): boolean => isOwnBurden(performance, golden.ok ? golden.trace : undefined, assignment.role);
      if (company !== 'shared' && judged.findings.length > 1 && !isOwnDoing()) judged = withoutLateFindings(judged, timed, run.strict);
      const stderr = ends.stderr();
      const late = tooSlowToTell(judged, timed);
      // Asked only of who was late: it reads two traces.
      const tooSlow = late === undefined || isOwnDoing() ? undefined : late;
      const timeliness = timelinessOf(judged, timed);
      return {
        assignment,
        judged,
        performance,
        golden,
        durationMs: run.now() - started,
        stderr,
        tooSlow,
        timeliness,
        unexcused: unexcused(judged, performance, assignment, run.protocol, run.world, run.strict),
        timeScale: run.world.timeScale,
      };
    });
    return 'assignment' in outcome ? outcome : { ...(await carryOut(run, assignment, fewer(company))), ...outcome };
  } catch (error) {
    const cause = breakage(error);
    if (cause !== undefined && doubtful()) return { ...(await carryOut(run, assignment, fewer(company))), displaced: cause };
    const findings = [failureFinding(error, whereaboutsOf(brief, undefined, undefined))];
    const judged: Judged = { verdict: verdictOf(findings, [], run.strict), findings, checkpoints: [], variations: [], divergences: [] };
    const stderr = error instanceof AdapterError ? error.facts.stderr : undefined;
    const { timeScale } = run.world;
    return {
      assignment,
      judged,
      performance: undefined,
      golden,
      durationMs: run.now() - started,
      stderr,
      timeliness: 'unknown',
      unexcused: [],
      timeScale,
    };
  }
}

/** What failed while the machine refused something, to this run or to one beside it, may have failed by that: an error. */
function unlessRefused(judged: Judged, { world, strict }: CorpusRun, brief: Brief, before: number): Judged {
  if (judged.verdict === 'pass' || judged.verdict === 'skip') return judged;
  const refusal = world.machine?.refusedSince(before);
  if (refusal === undefined || judged.findings.some(({ message }) => message === refusal.message)) return judged;
  const findings = byWeight([failureFinding(refusal, whereaboutsOf(brief, undefined, undefined)), ...judged.findings]);
  return { ...judged, findings, verdict: verdictOf(findings, judged.checkpoints, strict) };
}

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

/** An adapter that broke without stopping a step, as with text on stdout or a crash when all is over, still broke. */
function withBreakage(judged: Judged, performance: Performance, broken: AdapterError | undefined, brief: Brief): Judged {
  if (broken === undefined || performance.played.failure?.error instanceof AdapterError) return judged;
  const finding = failureFinding(broken, whereaboutsOf(brief, performance, undefined));
  const findings = byWeight([finding, ...judged.findings]);
  return { ...judged, findings, verdict: verdictOf(findings, judged.checkpoints, brief.strict) };
}
