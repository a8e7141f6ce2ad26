import type { Role } from '../../../protocols/common/frame.ts';
import { consoleReporter, isNews } from '../../../reporters/console/console.ts';
import { jsonReporter } from '../../../reporters/json.ts';
import { junitReporter } from '../../../reporters/junit.ts';
import type { Reporter } from '../../../reporters/reporter.ts';
import { conduct, type TracePolicy } from '../../conduct.ts';
import { packageVersion } from '../../package-root.ts';
import type { Shard } from '../../plan/narrow.ts';
import { type EndFacts, type PlannedRun, plan } from '../../plan/plan.ts';
import type { Results } from '../../results/result.ts';
import type { ToxiproxyServer } from '../../toxics/toxiproxy.ts';
import type { World } from '../../worlds/world.ts';
import { EXIT, exitCodeOf, UsageError } from '../exit.ts';
import { INTERRUPTED, type Interrupt, takeInterrupts } from '../interrupt.ts';
import { type Loaded, loadProtocol } from '../load.ts';
import { narrow } from '../narrow.ts';
import { type Opened, openNamed } from '../open.ts';
import { terminalOutput } from '../terminal.ts';

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
  readonly strict: boolean;
  readonly isolate: boolean;
  readonly timeout?: number;
  readonly watch: boolean;
  readonly bail?: number;
  readonly shard?: Shard;
  readonly lastFailed: boolean;
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

/** Case-runs at a time on the reference pair in the real world. */
const REAL_CONCURRENCY = 48;

/** `weir run`: plans, runs, reports. Gives the exit code. */
export async function runCommand(patterns: readonly string[], options: RunOptions): Promise<number> {
  const { results, implementation, whole, interrupted } = await carryOutRun(patterns, options);
  return interrupted ? INTERRUPTED : finish(results, implementation, options, whole);
}

/** A run of the corpus that was carried out and reported, but not yet held against what is expected. */
export interface CarriedOut {
  readonly results: Results;
  /** The implementation under test; its processes have ended. */
  readonly implementation: Opened | undefined;
  /** True where no case was left out by the selection. */
  readonly whole: boolean;
  readonly interrupted: boolean;
}

/** Plans, runs, reports. */
export async function carryOutRun(patterns: readonly string[], options: RunOptions): Promise<CarriedOut> {
  const loaded = await loadProtocol(options.protocol, patterns);
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
  const { protocol, corpus, entry } = loaded;
  const reference: EndFacts = {
    name: 'reference',
    version: packageVersion(),
    reference: true,
    roles: ['client', 'server'],
    codecs: protocol.codecs,
    features: [],
  };
  const underTest: EndFacts = implementation === undefined ? reference : { ...implementation.open.info, reference: false };
  const selection = { patterns, tags: options.tag, requirements: options.requirement, roles: options.role, codecs: options.codec };
  const everything = plan(corpus, selection, { underTest, peer: reference }, { codecs: protocol.codecs, repeat: options.repeat });
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(corpus.services);
  const seed = options.seed ?? Math.floor(Math.random() * 0x7fff_ffff);
  const { simulatedWorld } = await import('../../worlds/simulated/index.ts');
  const simulated = simulatedWorld();
  const planned = await narrow(everything, options, loaded, { makeClient, makeServer, simulated });
  const worldName = options.world ?? 'real';
  if (worldName === 'simulated' && implementation !== undefined) {
    throw new UsageError('an implementation lives in the real world; leave --world simulated out');
  }
  if (worldName === 'simulated' && options.toxiproxyUrl !== undefined) {
    throw new UsageError('a Toxiproxy lives in the real world; leave --world simulated or --toxiproxy-url out');
  }
  const world = worldName === 'real' ? await realWorldOf(options) : simulated;
  const output = options.output === false ? undefined : options.output;
  const terminal = terminalOutput(process.stdout, process.env);
  const reporters: Reporter[] = [
    consoleReporter(terminal, {
      verbose: options.verbose,
      stories: options.stories,
      ...(output === undefined ? {} : { folder: `${output}/` }),
    }),
    ...(output === undefined ? [] : [jsonReporter(output), junitReporter(output)]),
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
  let news = 0;
  const results = await conduct({
    protocol,
    corpus,
    makeClient,
    makeServer,
    world,
    simulated,
    planned,
    implementation: implementation?.open,
    knownFailures: implementation?.knownFailures ?? [],
    label: implementation?.manifest.label,
    implementationName: options.implementation,
    seed,
    strict: options.strict,
    concurrency: options.concurrency ?? concurrencyOf(worldName, implementation, options),
    timeoutMs: options.timeout,
    confirm: options.confirm && implementation !== undefined,
    version: packageVersion(),
    output,
    traces: options.traces,
    reproduce: (run) => reproduce(run, options, seed),
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    isolate: options.isolate,
    stopped: () => interrupt.stopped() || news >= (options.bail ?? Number.POSITIVE_INFINITY),
    onCaseRun: (run) => {
      if (isNews(run)) news += 1;
      for (const reporter of reporters) reporter.caseRun?.(run);
    },
  });
  for (const reporter of reporters) await reporter.finish(results);
  if (output !== undefined)
    terminal.write(
      `reports in ${output}: results.json, junit.xml${results.runs.some((run) => run.trace) ? ', traces/' : ''}${results.runs.some((run) => run.bundle) ? ', bundles/' : ''}\n`,
    );
  await world.close();
  const narrowed = options.shard !== undefined || options.lastFailed || options.sweep !== undefined || options.bail !== undefined;
  const whole = !narrowed && patterns.length === 0 && options.tag === undefined && options.requirement === undefined;
  return { results, implementation, whole, interrupted: interrupt.stopped() };
}

async function finish(results: Results, implementation: Opened | undefined, options: RunOptions, whole: boolean): Promise<number> {
  const code = exitCodeOf(results.runs);
  const ran = results.runs.filter((run) => run.verdict !== 'skip');
  if (ran.length === 0) {
    process.stderr.write(
      `nothing was run: every case-run is skipped, the first because ${results.runs[0]?.skipReason ?? 'there is none'}\n`,
    );
    return EXIT.usage;
  }
  if (implementation === undefined) return code;
  const { staleEntries, unmatchedEntries, worsenedEntries } = await import('../../adapters/known-failures.ts');
  const { knownFailures, manifest } = implementation;
  const stale = whole ? staleEntries(results.runs, knownFailures, manifest.label, options.strict) : [];
  const unmatched =
    whole && options.role === undefined && options.codec === undefined ? unmatchedEntries(results.runs, knownFailures, manifest.label) : [];
  for (const entry of stale)
    process.stdout.write(
      `stale: nothing that known-failures lists as ${JSON.stringify(entry.case)} (${entry.reason}) fails any more; delete the entry\n`,
    );
  for (const entry of unmatched)
    process.stdout.write(`unmatched: no case-run fits ${JSON.stringify(entry.case)} of known-failures; was the case renamed?\n`);
  const worsened = worsenedEntries(results.runs, knownFailures, manifest.label, options.strict);
  for (const entry of worsened) {
    const measured = `${Math.round((entry.flaky?.rate ?? 0) * 100)} %`;
    process.stdout.write(
      `worse: ${JSON.stringify(entry.case)} (${entry.reason}) fails more often than the ${measured} that were measured\n`,
    );
  }
  if (unmatched.length > 0) return EXIT.usage;
  return stale.length + worsened.length > 0 && code === EXIT.ok ? EXIT.findings : code;
}

async function realWorldOf({ timeScale, toxiproxyUrl = process.env['TOXIPROXY_URL'] }: RunOptions): Promise<World> {
  const { realWorld } = await import('../../worlds/real/index.ts');
  return realWorld({ timeScale, toxiproxy: toxiproxyUrl ? await toxiproxyAt(toxiproxyUrl) : undefined });
}

async function toxiproxyAt(url: string): Promise<ToxiproxyServer> {
  const { reachToxiproxy } = await import('../../toxics/toxiproxy.ts');
  try {
    return await reachToxiproxy(url);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function concurrencyOf(world: 'real' | 'simulated', implementation: Opened | undefined, options: RunOptions): number {
  if (world === 'simulated') return 1;
  return implementation === undefined ? REAL_CONCURRENCY : Math.max(1, implementation.open.info.concurrency * options.processes);
}

/** The command that runs one case-run again as it was. */
function reproduce(run: PlannedRun, options: RunOptions, seed: number): string {
  const [id = '', variant] = run.case.id.split('~');
  const words = [
    'npx weir run',
    `'${id}'`,
    ...(variant === undefined ? [] : [`--sweep ${variant}`]),
    `--role ${run.role}`,
    `--codec ${run.codec}`,
  ];
  if (options.implementation !== undefined) words.push(`--implementation ${options.implementation}`);
  if (options.world !== undefined) words.push(`--world ${options.world}`);
  if (options.timeScale !== 0.2) words.push(`--time-scale ${options.timeScale}`);
  if (options.toxiproxyUrl !== undefined) words.push(`--toxiproxy-url ${options.toxiproxyUrl}`);
  words.push(`--seed ${seed}`);
  return words.join(' ');
}
