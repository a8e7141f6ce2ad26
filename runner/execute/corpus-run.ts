import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import type { LoadedCase } from '../cases/case.ts';
import { compareBindings } from '../judge/binding-judge.ts';
import { unexcused } from '../judge/excuse.ts';
import { failureFinding } from '../judge/failure.ts';
import { type Brief, disputedSteps, type Judged, judgeRun, whereaboutsOf } from '../judge/judge-run.ts';
import { isOwnBurden } from '../judge/own-burden.ts';
import { type Timeliness, timelinessOf, tooSlowToTell, withoutLatePeers } from '../judge/punctuality.ts';
import { byWeight, conclude, verdictOf } from '../judge/verdict.ts';
import type { FixedTimers } from '../plan/plan.ts';
import type { Finding } from '../results/result.ts';
import { seedOf } from '../seed-of.ts';
import type { World } from '../worlds/world.ts';
import { type Golden, type GoldenSource, type GoldenUse, NOT_MADE } from './golden.ts';
import { longestFirst } from './longest-first.ts';
import { type Casting, isComplete, type Performance, perform } from './perform.ts';
import type { Pace } from './playing.ts';
import { TimeLimitError } from './time-limit.ts';

/** One case-run to carry out. */
export interface Assignment {
  /** `river/rpc/add@client+json` */
  readonly id: string;
  readonly case: LoadedCase;
  readonly role: Role;
  readonly binding: string;
  /** 1 for the first time, 2 for the second … */
  readonly repeat: number;
  /** See `PlannedRun`. */
  readonly fixedTimers?: FixedTimers | undefined;
  readonly unscaled?: boolean | undefined;
}

/** Both ends of one run. */
export interface RunEnds extends Pick<Casting, 'client' | 'server'> {
  /** Whether other runs used the same adapter process before or meanwhile, so that it may have been another that broke it. */
  shared(): boolean;
  /** What broke the adapter during this run, if anything did. */
  broken?(): AdapterError | undefined;
  /** Last words of the adapter. */
  stderr(): string | undefined;
}

/** Gives both ends of a run for as long as `use` lasts; `company` is whom it may share an adapter process with. */
export type WithEnds = <T>(assignment: Assignment, company: Company, use: (ends: RunEnds) => Promise<T>) => Promise<T>;

/** What a corpus run needs. */
export interface CorpusRun {
  readonly protocol: Protocol;
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly procedureKinds: Readonly<Record<string, string>>;
  readonly world: World;
  readonly golden: GoldenSource;
  /** Default: `always`. */
  readonly goldenUse?: GoldenUse;
  readonly withEnds: WithEnds;
  readonly seed: number;
  readonly strict: boolean;
  /** Name of the implementation that plays the end not under test; undefined: a reference peer does. */
  readonly opponent?: string | undefined;
  /** Whom case-runs may share an adapter process with (default: each other). */
  readonly company?: Company;
  /** Longest that the steps of a case may take together, ms of the world (default: their own waits, and some slack). */
  readonly timeoutMs?: number | undefined;
  /** Of every run, of which golden traces know nothing. */
  readonly pace?: Pace | undefined;
  /** How many case-runs go on at once. The bindings of a case do unless that is fewer. */
  readonly concurrency: number;
  /** Monotonic ms, for durations. */
  readonly now: () => number;
  /** Hears of each case-run as it begins. */
  readonly begun?: ((id: string) => void) | undefined;
  /** Ask it before each unit; true stops the run, what goes on is finished. */
  readonly stopped: () => boolean;
}

/** A case-run that was carried out and judged. */
export interface Completed {
  readonly assignment: Assignment;
  readonly judged: Judged;
  /** Undefined where the world failed before anything could be seen. */
  readonly performance: Performance | undefined;
  /** `NOT_MADE` where it passed and none was needed for that. */
  readonly golden: Golden;
  readonly durationMs: number;
  /** What broke the shared adapter process in which it was run first; it was then run again apart. */
  readonly displaced?: Error | undefined;
  /** Last words of the adapter, where there is one. */
  readonly stderr: string | undefined;
  /** Why nothing is to be said of it: runner or adapter were too slow for what the findings rest on. */
  readonly tooSlow?: string | undefined;
  readonly timeliness: Timeliness;
  /** What counts against it whatever another run shows: neither other runs beside it nor a busy machine explain that. */
  readonly unexcused: readonly Finding[];
  /** Factor from nominal ms to those of its world. */
  readonly timeScale: number;
}

/**
 * Carries out case-runs side by side and gives each, judged, to `done`; a long trace can be read only until that is over. The
 * bindings of one case form a unit: they are judged together, since the same case under each binding must give the same (binding
 * equivalence).
 */
export async function runCorpus(
  run: CorpusRun,
  assignments: readonly Assignment[],
  done: (completed: Completed) => void | Promise<void>,
): Promise<void> {
  const ordered = longestFirst(groupByCase(assignments), ([first]) => first?.case);
  const units = ordered[Symbol.iterator]();
  const perUnit = Math.max(1, new Set(assignments.map((assignment) => assignment.binding)).size);
  const worker = async (): Promise<void> => {
    for (let next = units.next(); next.done !== true && !run.stopped(); next = units.next()) {
      for (const completed of await runUnit(run, next.value)) {
        await done(completed);
        completed.performance?.release();
      }
    }
  };
  const workers = Math.min(ordered.length, Math.max(1, Math.floor(run.concurrency / perUnit)));
  await Promise.all(Array.from({ length: workers }, worker));
}

function groupByCase(assignments: readonly Assignment[]): Assignment[][] {
  const units = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const key = `${assignment.case.id} ${assignment.role} ${assignment.repeat}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, [assignment]);
    else unit.push(assignment);
  }
  return [...units.values()];
}

/** What `one` gives for each, so many at a time, in order. */
async function atATime<T, R>(all: readonly T[], count: number, one: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < all.length; i += count) results.push(...(await Promise.all(all.slice(i, i + count).map(one))));
  return results;
}

async function runUnit(run: CorpusRun, unit: readonly Assignment[]): Promise<Completed[]> {
  // Golden traces first: making them keeps the process busy, which no run under way should feel as the network's doing.
  for (const assignment of unit) if (needsGolden(run, assignment)) await run.golden.of(castingOf(run, assignment));
  await run.world.ready();
  const completed = await atATime(unit, run.concurrency < unit.length ? 1 : unit.length, (assignment) => {
    run.begun?.(assignment.id);
    return runOne(run, assignment, run.company ?? 'shared');
  });
  const seen = completed.flatMap(({ assignment, performance }) =>
    performance !== undefined && isComplete(performance.played, assignment.case)
      ? [
          {
            binding: assignment.binding,
            calls: performance.calls,
            facts: performance.facts,
            trace: performance.trace,
            normalised: performance.normalised,
          },
        ]
      : [],
  );
  const [first] = unit;
  if (first === undefined || seen.length < 2 || first.case.trace === 'free') return completed;
  const judgements = compareBindings(run.protocol, seen, first.role, (id) => run.requirements.get(id));
  return completed.map((each) => {
    const judgement = judgements.get(each.assignment.binding);
    if (judgement === undefined) return each;
    const findings = [...each.judged.findings, ...judgement.findings];
    const checkpoints = [...each.judged.checkpoints, ...judgement.checkpoints];
    return { ...each, judged: { ...each.judged, ...conclude({ findings, checkpoints }, (id) => run.requirements.get(id), run.strict) } };
  });
}

async function runOne(run: CorpusRun, assignment: Assignment, company: Company): Promise<Completed> {
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
      const performance = await perform(
        run.world,
        {
          ...casting,
          ...ends,
          timeoutMs: run.timeoutMs,
          disputed: disputedSteps(brief),
          pace: run.pace,
          fixedTimers: assignment.fixedTimers,
        },
        golden.ok ? golden : undefined,
      );
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
      judged = withoutLatePeers(judged, performance, assignment.case, run.protocol, run.world, run.strict);
      const stderr = ends.stderr();
      const late = tooSlowToTell(judged, performance, assignment.case, run.protocol, run.world);
      // Asked only of who was late: it reads two traces.
      const isOwn = late !== undefined && isOwnBurden(performance, golden.ok ? golden.trace : undefined, assignment.role);
      const tooSlow = isOwn ? undefined : late;
      const timeliness = timelinessOf(judged, performance, assignment.case, run.protocol, run.world);
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
    return 'assignment' in outcome ? outcome : { ...(await runOne(run, assignment, fewer(company))), ...outcome };
  } catch (error) {
    const cause = breakage(error);
    if (cause !== undefined && doubtful()) return { ...(await runOne(run, assignment, fewer(company))), displaced: cause };
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
function needsGolden({ goldenUse }: CorpusRun, { case: { trace } }: Assignment): boolean {
  return goldenUse !== 'needed' || trace === 'equivalent';
}

/** Without the bound that an implementation is given: what a reference pair does is the same whatever it is. */
function castingOf({ protocol, procedureKinds, seed }: CorpusRun, assignment: Assignment): Omit<Casting, 'client' | 'server'> {
  return { ...assignment, fixedTimers: undefined, protocol, procedureKinds, seed: seedOf(seed, assignment.id) };
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
