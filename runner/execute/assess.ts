import { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import { unexcused } from '../judge/excuse.ts';
import { failureFinding } from '../judge/failure.ts';
import { type Brief, type Judged, judgeRun, whereaboutsOf } from '../judge/judge-run.ts';
import { isOwnBurden } from '../judge/own-burden.ts';
import { timelinessOf, tooSlowToTell, withoutLateFindings, withoutLatePeers } from '../judge/punctuality.ts';
import { byWeight, verdictOf } from '../judge/verdict.ts';
import type { Assignment, Completed, CorpusRun, RunEnds } from './case-run.ts';
import { type castingOf, needsGolden } from './casting-of.ts';
import type { Golden } from './golden.ts';
import type { Performance } from './performance.ts';

/** A performance as it is to be judged. */
interface Performed {
  readonly brief: Brief;
  readonly casting: ReturnType<typeof castingOf>;
  readonly performance: Performance;
  /** `NOT_MADE` where it may be judged without. */
  readonly golden: Golden;
  readonly ends: RunEnds;
  readonly company: Company;
  /** How often the machine had refused something when it began. */
  readonly refusals: number;
  /** When it began, by the clock of the run. */
  readonly started: number;
}

/** Judges what was performed. A golden trace that was not needed is made where it did not pass, for readers and for what the wire says. */
export async function assess(run: CorpusRun, assignment: Assignment, performed: Performed): Promise<Completed> {
  const { brief, casting, performance, ends, company, refusals, started } = performed;
  const { protocol, world, strict } = run;
  const judge = (by: Golden | undefined): Judged => withBreakage(judgeRun(brief, performance, by), performance, ends.broken?.(), brief);
  let { golden } = performed;
  const isNeeded = needsGolden(run, assignment);
  let judged = judge(isNeeded ? golden : undefined);
  if (!isNeeded && judged.verdict !== 'pass') {
    golden = await run.golden.of(casting);
    judged = judge(golden);
  }
  judged = unlessRefused(judged, run, brief, refusals);
  const timed = { performance, loaded: assignment.case, protocol, world };
  judged = withoutLatePeers(judged, timed, strict);
  const isOwnDoing = (): boolean => isOwnBurden(performance, golden.ok ? golden.trace : undefined, assignment.role);
  if (company !== 'shared' && judged.findings.length > 1 && !isOwnDoing()) judged = withoutLateFindings(judged, timed, strict);
  const late = tooSlowToTell(judged, timed);
  return {
    assignment,
    judged,
    performance,
    golden,
    durationMs: run.now() - started,
    stderr: ends.stderr(),
    // Asked only of who was late: it reads two traces.
    tooSlow: late === undefined || isOwnDoing() ? undefined : late,
    timeliness: timelinessOf(judged, timed),
    unexcused: unexcused(judged, performance, assignment, protocol, world, strict),
    timeScale: world.timeScale,
  };
}

/** What could not be performed. */
interface Unperformed extends Pick<Performed, 'brief' | 'golden' | 'started'> {
  readonly error: unknown;
}

/** What could not be performed, by what the world or the adapter said. */
export function unperformed(run: CorpusRun, assignment: Assignment, { error, brief, golden, started }: Unperformed): Completed {
  const findings = [failureFinding(error, whereaboutsOf(brief, undefined, undefined))];
  return {
    assignment,
    judged: { verdict: verdictOf(findings, [], run.strict), findings, checkpoints: [], variations: [], divergences: [] },
    performance: undefined,
    golden,
    durationMs: run.now() - started,
    stderr: error instanceof AdapterError ? error.facts.stderr : undefined,
    timeliness: 'unknown',
    unexcused: [],
    timeScale: run.world.timeScale,
  };
}

/** What failed while the machine refused something, to this run or to one beside it, may have failed by that: an error. */
function unlessRefused(judged: Judged, { world, strict }: CorpusRun, brief: Brief, before: number): Judged {
  if (judged.verdict === 'pass' || judged.verdict === 'skip') return judged;
  const refusal = world.machine?.refusedSince(before);
  if (refusal === undefined || judged.findings.some(({ message }) => message === refusal.message)) return judged;
  const findings = byWeight([failureFinding(refusal, whereaboutsOf(brief, undefined, undefined)), ...judged.findings]);
  return { ...judged, findings, verdict: verdictOf(findings, judged.checkpoints, strict) };
}

/** An adapter that broke without stopping a step, as with text on stdout or a crash when all is over, still broke. */
function withBreakage(judged: Judged, performance: Performance, broken: AdapterError | undefined, brief: Brief): Judged {
  if (broken === undefined || performance.played.failure?.error instanceof AdapterError) return judged;
  const finding = failureFinding(broken, whereaboutsOf(brief, performance, undefined));
  const findings = byWeight([finding, ...judged.findings]);
  return { ...judged, findings, verdict: verdictOf(findings, judged.checkpoints, brief.strict) };
}
