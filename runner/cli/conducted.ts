import { type Confirmation, conduct } from '../conduct.ts';
import { packageVersion } from '../package-root.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { breaksBuild } from '../results/standing.ts';
import type { Audience } from './audience.ts';
import type { Beginning } from './beginning.ts';
import type { Opened } from './open.ts';
import { reproduce } from './reproduce.ts';
import type { RunOptions } from './run-options.ts';
import { conductInThreads, referenceConcurrency, threadsFor } from './threads.ts';

/** A run that has begun. */
interface Begun extends Beginning {
  /** Folder of its files; undefined: none are written. */
  readonly output: string | undefined;
  readonly audience: Audience;
  /** Whether somebody wants it to end. */
  readonly stopped: () => boolean;
}

/** Carries out what was planned: the reference pair in several threads where there is enough to do, everything else in this one. */
export function conducted(begun: Begun): Promise<Results> {
  const { loaded, options, cast, prepared, set, startedAt, output, audience } = begun;
  const { planned, world, brokerUrl } = prepared;
  const threads = cast.implementation === undefined ? threadsFor(planned.length, options.threads) : 1;
  if (threads === 1) return conductedHere(begun);
  let failures = 0;
  return conductInThreads({
    protocol: loaded.protocol,
    options,
    seed: options.seed,
    version: packageVersion(),
    startedAt,
    planned,
    world,
    brokerUrl,
    output,
    set,
    threads,
    stopped: () => begun.stopped() || failures >= (options.bail ?? Number.POSITIVE_INFINITY),
    onCaseRun: (run: CaseRun) => {
      if (breaksBuild(run)) failures += 1;
      audience.caseRun(run);
    },
  });
}

function conductedHere({ loaded, options, cast, prepared, set, startedAt, output, audience, stopped }: Begun): Promise<Results> {
  const { implementation, against } = cast;
  const { planned, world, worldName, simulated, slower, unscaled, makeClient, makeServer } = prepared;
  const { protocol, corpus } = loaded;
  return conduct({
    protocol,
    corpus,
    makeClient,
    makeServer,
    world,
    simulated,
    slower,
    unscaled,
    planned,
    implementation: implementation?.open,
    against: against?.open,
    // What is known of it, it is known to do with a reference peer at the other end.
    knownFailures: against === undefined ? (implementation?.knownFailures ?? []) : [],
    label: implementation?.manifest.label,
    implementationName: options.implementation,
    seed: options.seed,
    secrets: options.secrets,
    strict: options.strict,
    profile: options.profile,
    set,
    concurrency: options.concurrency ?? concurrencyOf(worldName, [implementation, against], options),
    timeoutMs: options.timeout,
    isolate: options.isolate,
    confirm: implementation === undefined ? 'never' : confirmationOf(options),
    bail: options.bail,
    output,
    traces: options.traces,
    version: packageVersion(),
    startedAt,
    reproduce: (run) => reproduce(run, options, options.seed),
    now: () => performance.now(),
    stopped,
    onBegin: audience.begin,
    onCaseRun: audience.caseRun,
  });
}

function concurrencyOf(world: 'real' | 'simulated', ends: readonly (Opened | undefined)[], options: RunOptions): number {
  const counts = ends.flatMap((end) => end?.open.info.concurrency ?? []);
  return counts.length === 0 ? referenceConcurrency(world) : Math.max(1, Math.min(...counts) * options.processes);
}

function confirmationOf({ confirm }: Pick<RunOptions, 'confirm'>): Confirmation {
  if (confirm === 'too-slow') return confirm;
  return confirm ? 'news' : 'never';
}
