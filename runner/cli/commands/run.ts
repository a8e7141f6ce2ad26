import type { Role } from '../../../protocols/common/frame.ts';
import type { Profile } from '../../../protocols/common/requirement.ts';
import { consoleReporter } from '../../../reporters/console/console.ts';
import { jsonReporter } from '../../../reporters/json.ts';
import type { Reporter } from '../../../reporters/reporter.ts';
import { conduct, type TracePolicy } from '../../conduct.ts';
import { packageVersion } from '../../package-root.ts';
import type { Shard } from '../../plan/narrow.ts';
import type { EndFacts } from '../../plan/plan.ts';
import { referenceFacts } from '../../plan/reference-facts.ts';
import type { CaseRun, Results } from '../../results/result.ts';
import { breaksBuild, EXIT, exitCodeOf } from '../exit.ts';
import { INTERRUPTED, type Interrupt, takeInterrupts } from '../interrupt.ts';
import { holdAgainst, type Known, leftForMerge, scopeOf } from '../known.ts';
import { type Loaded, loadProtocol, setNamed, withProfile } from '../load.ts';
import type { Earlier } from '../narrow.ts';
import { type Opened, openNamed } from '../open.ts';
import { makeOutputFolder } from '../output-folder.ts';
import { prepare } from '../preparation.ts';
import { reproduce } from '../reproduce.ts';
import { terminalOutput } from '../terminal.ts';
import { conductInThreads, referenceConcurrency, threadsFor } from '../threads.ts';

/** Options of `weir run`, as the command line gives them. */
export interface RunOptions {
  readonly protocol?: string;
  readonly implementation?: string;
  readonly role?: Role[];
  readonly codec?: string[];
  readonly tag?: string[];
  readonly requirement?: string[];
  readonly world?: 'real' | 'simulated';
  readonly timeScale: number;
  readonly toxiproxyUrl?: string;
  readonly seed?: number;
  readonly repeat: number;
  readonly concurrency?: number;
  readonly processes: number;
  readonly threads: number;
  readonly strict: boolean;
  /** Whose word counts on disputed rules; none: what breaks one is a question. */
  readonly profile?: Profile;
  /** Name of the frozen set to score against. */
  readonly set?: string;
  readonly isolate: boolean;
  readonly timeout?: number;
  readonly watch: boolean;
  readonly bail?: number;
  readonly shard?: Shard;
  readonly lastFailed: boolean;
  /** What `lastFailed` goes by, instead of the results file. */
  readonly earlier?: Earlier;
  /** Kinds or single variants; true: all. */
  readonly sweep?: string[] | true;
  readonly confirm: boolean;
  readonly output: string | false;
  readonly traces: TracePolicy;
  readonly verbose: boolean;
  readonly stories: number;
  /** Known failures whose measured rate has expired are no error: they are about to be measured again. */
  readonly allowExpired?: boolean;
}

/** `weir run`: plans, runs, reports. Gives the exit code. */
export async function runCommand(patterns: readonly string[], options: RunOptions): Promise<number> {
  return (await runOnce(patterns, options)).code;
}

/** Plans, runs, reports, and holds it against what is expected. Gives the exit code, and what came of the run. */
export async function runOnce(
  patterns: readonly string[],
  options: RunOptions,
): Promise<{ readonly code: number; readonly results: Results }> {
  const ran = await carryOutRun(patterns, options);
  return { code: ran.interrupted ? INTERRUPTED : await finish(ran), results: ran.results };
}

/** A run of the corpus that was carried out and reported, but not yet held against what is expected. */
export interface CarriedOut {
  readonly results: Results;
  /** What is known of the implementation under test, and whether the selection left anything of it out. */
  readonly known: Known;
  readonly interrupted: boolean;
}

/** Plans, runs, reports. */
export async function carryOutRun(patterns: readonly string[], options: RunOptions): Promise<CarriedOut> {
  const loaded = withProfile(await loadProtocol(options.protocol, patterns), options.profile);
  const interrupt = takeInterrupts(process, (text) => process.stderr.write(text));
  const { implementation: name, processes } = options;
  const implementation = name === undefined ? undefined : await openNamed(name, processes, loaded.protocol, options.allowExpired);
  try {
    return await runLoaded(loaded, patterns, options, implementation, interrupt);
  } finally {
    await implementation?.open.close();
    interrupt.forget();
  }
}

async function runLoaded(
  loaded: Loaded,
  patterns: readonly string[],
  options: RunOptions,
  implementation: Opened | undefined,
  interrupt: Interrupt,
): Promise<CarriedOut> {
  // A name that can be none is told before the work and not after it.
  if (options.output !== false) makeOutputFolder(options.output);
  const { protocol, corpus } = loaded;
  const set = setNamed(loaded, options.set);
  const underTest: EndFacts =
    implementation === undefined ? referenceFacts(loaded.protocol) : { ...implementation.open.info, reference: false };
  const { makeClient, makeServer, worldName, world, simulated, planned, greenBefore } = await prepare(loaded, patterns, options, underTest);
  const seed = options.seed ?? Math.floor(Math.random() * 0x7fff_ffff);
  const output = options.output === false ? undefined : options.output;
  const terminal = terminalOutput(process.stdout, process.env);
  const reporters: Reporter[] = [
    consoleReporter(terminal, {
      verbose: options.verbose,
      stories: options.stories,
      ...(output === undefined ? {} : { folder: `${output}/` }),
    }),
    ...(output === undefined ? [] : [jsonReporter(output), (await import('../../../reporters/junit.ts')).junitReporter(output)]),
  ];
  for (const reporter of reporters) {
    const name = implementation === undefined ? undefined : `${underTest.name} ${underTest.version}`;
    reporter.start?.({
      protocol: protocol.title,
      world: worldName,
      seed,
      timeScale: world.timeScale,
      total: planned.length,
      implementation: name,
    });
  }
  interrupt.begin();
  let failures = 0;
  const stopped = (): boolean => interrupt.stopped() || failures >= (options.bail ?? Number.POSITIVE_INFINITY);
  const onCaseRun = (run: CaseRun): void => {
    if (breaksBuild(run)) failures += 1;
    for (const reporter of reporters) reporter.caseRun?.(run);
  };
  const threads = implementation === undefined ? threadsFor(planned.length, options.threads) : 1;
  const common = {
    seed,
    output,
    version: packageVersion(),
    startedAt: new Date().toISOString(),
    stopped,
    onCaseRun,
    planned,
    world,
    protocol,
  };
  const ran =
    threads > 1
      ? await conductInThreads({ ...common, options: { ...options, seed }, threads, set })
      : await conduct({
          ...common,
          corpus,
          makeClient,
          makeServer,
          simulated,
          implementation: implementation?.open,
          knownFailures: implementation?.knownFailures ?? [],
          label: implementation?.manifest.label,
          implementationName: options.implementation,
          strict: options.strict,
          profile: options.profile,
          set,
          concurrency: options.concurrency ?? concurrencyOf(worldName, implementation, options),
          timeoutMs: options.timeout,
          confirm: options.confirm && implementation !== undefined,
          traces: options.traces,
          reproduce: (run) => reproduce(run, options, seed),
          now: () => performance.now(),
          isolate: options.isolate,
        });
  const { shard } = options;
  const known = knownOf(implementation, patterns, options, ran.runs.length === planned.length);
  const results: Results = {
    ...ran,
    ...(shard === undefined ? {} : { shard }),
    ...(shard === undefined || known.entries.length === 0 ? {} : { known: leftForMerge(known) }),
    ...(greenBefore === undefined ? {} : { greenBefore: [...greenBefore] }),
  };
  for (const reporter of reporters) await reporter.finish(results);
  if (output !== undefined)
    terminal.write(
      `reports in ${output}: results.json, junit.xml${results.runs.some((run) => run.trace) ? ', traces/' : ''}${results.runs.some((run) => run.bundle) ? ', bundles/' : ''}\n`,
    );
  await world.close();
  return { results, known: { ...known, whole: known.whole && shard === undefined }, interrupted: interrupt.stopped() };
}

async function finish({ results, known }: CarriedOut): Promise<number> {
  const code = exitCodeOf(results.runs);
  const ran = results.runs.filter((run) => run.verdict !== 'skip');
  if (ran.length === 0) {
    process.stderr.write(`nothing was run: ${whyNothing(results)}\n`);
    return EXIT.usage;
  }
  return holdAgainst(results.runs, known, code);
}

function knownOf(implementation: Opened | undefined, patterns: readonly string[], options: RunOptions, reached: boolean): Known {
  const entries = implementation?.knownFailures ?? [];
  const scope = scopeOf(patterns, options, implementation?.open.info, reached);
  return { entries, label: implementation?.manifest.label, strict: options.strict, ...scope };
}

function concurrencyOf(world: 'real' | 'simulated', implementation: Opened | undefined, options: RunOptions): number {
  return implementation === undefined ? referenceConcurrency(world) : Math.max(1, implementation.open.info.concurrency * options.processes);
}

/** Why a run had nothing to run, in words. */
export function whyNothing({ runs, shard }: Pick<Results, 'runs' | 'shard'>): string {
  const [first] = runs;
  if (first !== undefined) return `every case-run is skipped, the first because ${first.skipReason ?? 'of something unknown'}`;
  return shard === undefined ? 'there is no case-run' : `there are fewer cases than ${shard.count} parts`;
}
