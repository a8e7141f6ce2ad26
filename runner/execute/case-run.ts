import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { AdapterError } from '../adapters/error.ts';
import type { Company } from '../adapters/pool.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Judged } from '../judge/judge-run.ts';
import type { Timeliness } from '../judge/punctuality.ts';
import type { FixedTimers } from '../plan/plan.ts';
import type { Finding } from '../results/result.ts';
import type { World } from '../worlds/world.ts';
import type { Casting } from './casting.ts';
import type { Golden, GoldenSource, GoldenUse } from './golden.ts';
import type { Performance } from './performance.ts';
import type { Pace } from './playing.ts';

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
  /** The ends are the same whichever role is judged: what hangs on no role is performed once, and judged for each. Default: false. */
  readonly sameEnds?: boolean;
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
