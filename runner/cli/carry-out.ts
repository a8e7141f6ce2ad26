import { oneLine } from '../../protocols/common/plain.ts';
import { type Confirmation, conduct } from '../conduct.ts';
import { packageVersion } from '../package-root.ts';
import type { EndFacts } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { endName } from '../results/assemble.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { breaksBuild } from '../results/standing.ts';
import { openAudience } from './audience.ts';
import { type Claim, claimOutput } from './claim.ts';
import { refuseContradictions } from './contradictions.ts';
import { type Interrupt, takeInterrupts } from './interrupt.ts';
import { judgedKey, type Known, leftForMerge, scopeOf } from './known.ts';
import { type Loaded, loadProtocol, setNamed, withProfile } from './load.ts';
import { findNamed, type Opened, openNamed } from './open.ts';
import { makeOutputFolder } from './output-folder.ts';
import { prepare } from './preparation.ts';
import { glossaryOfRun, whereReportsLie } from './reports.ts';
import { reproduce } from './reproduce.ts';
import type { RunOptions } from './run-options.ts';
import { terminalOutput } from './terminal.ts';
import { conductInThreads, referenceConcurrency, threadsFor } from './threads.ts';
import { unknownTo } from './unknown.ts';

/** A run of the corpus that was carried out and reported, but not yet held against what is expected. */
export interface CarriedOut {
  readonly results: Results;
  /** What is known of the implementation under test, and whether the selection left anything of it out. */
  readonly known: Known;
  /** The exit code of the signal that ended it; undefined where it came to its end. */
  readonly interrupted: number | undefined;
  /** False where a report could not be written. */
  readonly complete: boolean;
}

/** Plans, runs, reports. */
export async function carryOutRun(patterns: readonly string[], options: RunOptions): Promise<CarriedOut> {
  const { implementation: name, against, processes } = options;
  refuseContradictions(options);
  const spoken = options.protocol ?? (name === undefined ? undefined : (await findNamed(name)).protocol);
  const loaded = withProfile(await loadProtocol(spoken, patterns), options.profile);
  const interrupt = takeInterrupts(process, (text) => process.stderr.write(text));
  const opened: Opened[] = [];
  const open = async (each: string | undefined): Promise<Opened | undefined> => {
    if (each === undefined) return undefined;
    const implementation = await openNamed(each, processes, loaded.protocol, options.secrets, options.allowExpired);
    opened.push(implementation);
    return implementation;
  };
  try {
    const cast = { implementation: await open(name), against: await open(against) };
    return await runLoaded(loaded, patterns, options, cast, interrupt);
  } finally {
    for (const implementation of opened) await implementation.open.close();
    interrupt.forget();
  }
}

/** The implementations of a run: the one under test, and the one at the other end. */
interface Cast {
  readonly implementation: Opened | undefined;
  readonly against: Opened | undefined;
}

async function runLoaded(
  loaded: Loaded,
  patterns: readonly string[],
  options: RunOptions,
  cast: Cast,
  interrupt: Interrupt,
): Promise<CarriedOut> {
  // A name that can be none is told before the work and not after it.
  const output = options.output === false ? undefined : options.output;
  if (output === undefined) return runClaimed(loaded, patterns, options, cast, interrupt, undefined);
  makeOutputFolder(output);
  const claim = claimOutput(output, process);
  try {
    return await runClaimed(loaded, patterns, options, cast, interrupt, claim);
  } finally {
    claim.release();
  }
}

async function runClaimed(
  loaded: Loaded,
  patterns: readonly string[],
  options: RunOptions,
  { implementation, against }: Cast,
  interrupt: Interrupt,
  claim: Claim | undefined,
): Promise<CarriedOut> {
  const { protocol, corpus } = loaded;
  const set = setNamed(loaded, options.set);
  const underTest: EndFacts =
    implementation === undefined ? referenceFacts(loaded.protocol) : { ...implementation.open.info, reference: false };
  const { makeClient, makeServer, worldName, world, simulated, slower, unscaled, brokerUrl, planned, leftOut, greenBefore } = await prepare(
    loaded,
    patterns,
    options,
    underTest,
    against === undefined ? undefined : { ...against.open.info, reference: false },
  );
  const seed = options.seed ?? Math.floor(Math.random() * 0x7fff_ffff);
  const output = options.output === false ? undefined : options.output;
  const terminal = terminalOutput(process.stdout, process.env);
  const audience = await openAudience(options, output, terminal);
  for (const text of implementation === undefined ? [] : unknownTo(loaded, implementation))
    process.stderr.write(`note: ${oneLine(text)}\n`);
  const startedAt = new Date().toISOString();
  claim?.clear();
  const opposite = against === undefined ? '' : ` against ${against.open.info.name} ${against.open.info.version}`;
  const skipped = planned.filter(({ skip }) => skip !== undefined).length;
  audience.start(
    {
      protocol: protocol.title,
      world: worldName,
      seed,
      timeScale: world.timeScale,
      total: planned.length - skipped,
      skipped,
      implementation: implementation === undefined ? undefined : `${underTest.name} ${underTest.version}${opposite}`,
    },
    {
      'weir-results-lines': 1,
      weir: packageVersion(),
      protocol: protocol.name,
      startedAt,
      world: worldName,
      seed,
      timeScale: world.timeScale,
      ...(implementation === undefined ? {} : { implementation: endName(underTest) }),
      ...(options.shard === undefined ? {} : { shard: options.shard }),
      ...(set === undefined ? {} : { set: set.name }),
      planned: planned.length,
    },
  );
  interrupt.begin(() => {
    implementation?.open.bequeath();
    against?.open.bequeath();
  });
  let failures = 0;
  const stopped = (): boolean => interrupt.stopped() || failures >= (options.bail ?? Number.POSITIVE_INFINITY);
  const onCaseRun = (run: CaseRun): void => {
    if (breaksBuild(run)) failures += 1;
    audience.caseRun(run);
  };
  const threads = implementation === undefined ? threadsFor(planned.length, options.threads) : 1;
  const common = {
    seed,
    output,
    version: packageVersion(),
    startedAt,
    stopped,
    onCaseRun,
    planned,
    world,
    protocol,
    secrets: options.secrets,
  };
  const ran =
    threads > 1
      ? await conductInThreads({
          ...common,
          options: { ...options, seed },
          brokerUrl,
          threads,
          set,
        })
      : await conduct({
          ...common,
          onBegin: audience.begin,
          corpus,
          makeClient,
          makeServer,
          simulated,
          slower,
          unscaled,
          implementation: implementation?.open,
          against: against?.open,
          // What is known of it, it is known to do with a reference peer at the other end.
          knownFailures: against === undefined ? (implementation?.knownFailures ?? []) : [],
          label: implementation?.manifest.label,
          implementationName: options.implementation,
          strict: options.strict,
          profile: options.profile,
          set,
          concurrency: options.concurrency ?? concurrencyOf(worldName, [implementation, against], options),
          timeoutMs: options.timeout,
          confirm: implementation === undefined ? 'never' : confirmationOf(options),
          traces: options.traces,
          reproduce: (run) => reproduce(run, options, seed),
          now: () => performance.now(),
          isolate: options.isolate,
          bail: options.bail,
          stopped: interrupt.stopped,
        });
  interrupt.settled();
  const { shard } = options;
  const known = knownOf(
    against === undefined ? implementation : undefined,
    patterns,
    options,
    ran.runs.length === planned.length,
    leftOut.map(judgedKey),
  );
  const results: Results = {
    ...ran,
    ...(shard === undefined ? {} : { shard }),
    ...(shard === undefined || known.entries.length === 0 ? {} : { known: leftForMerge(known) }),
    ...(greenBefore === undefined ? {} : { greenBefore: [...greenBefore] }),
    ...(output === undefined ? {} : { glossary: await glossaryOfRun(loaded, planned, options.secrets.masker) }),
  };
  const unwritten = await audience.finish(results);
  for (const text of unwritten) process.stderr.write(`a report could not be written: ${text}\n`);
  if (output !== undefined) terminal.write(whereReportsLie(output, options.report, results));
  await world.close();
  return {
    results,
    known: { ...known, whole: known.whole && shard === undefined },
    interrupted: interrupt.stopped() ? interrupt.exitCode() : undefined,
    complete: unwritten.length === 0,
  };
}

function knownOf(
  implementation: Opened | undefined,
  patterns: readonly string[],
  options: RunOptions,
  reached: boolean,
  leftOut: Known['leftOut'],
): Known {
  const entries = implementation?.knownFailures ?? [];
  const scope = scopeOf(patterns, options, implementation?.open.info, reached);
  return { entries, label: implementation?.manifest.label, strict: options.strict, leftOut, ...scope };
}

function concurrencyOf(world: 'real' | 'simulated', ends: readonly (Opened | undefined)[], options: RunOptions): number {
  const counts = ends.flatMap((end) => end?.open.info.concurrency ?? []);
  return counts.length === 0 ? referenceConcurrency(world) : Math.max(1, Math.min(...counts) * options.processes);
}

function confirmationOf({ confirm }: Pick<RunOptions, 'confirm'>): Confirmation {
  if (confirm === 'too-slow') return confirm;
  return confirm ? 'news' : 'never';
}
