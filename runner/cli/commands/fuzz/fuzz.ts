import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../../../protocols/common/frame.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { idOfFile } from '../../../cases/load.ts';
import type { Completed } from '../../../execute/case-run.ts';
import { timersInWorld } from '../../../execute/fixed-timers.ts';
import { goldenSource } from '../../../execute/golden.ts';
import { endsFrom } from '../../../execute/implementation-ends.ts';
import { referenceEnds } from '../../../execute/reference-ends.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { attempts, type Bench, referencePairs } from '../../../fuzz/attempt.ts';
import { type CampaignPlan, campaign, type Failure, newsOf, shrink } from '../../../fuzz/campaign.ts';
import { knownAmong } from '../../../fuzz/known.ts';
import { loadWords } from '../../../fuzz/words.ts';
import { isPublished, secretsOfCase } from '../../../masking/of-run.ts';
import { packageRoot } from '../../../package-root.ts';
import type { PlannedRun } from '../../../plan/plan.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import type { World } from '../../../worlds/world.ts';
import { demandBroker, refuseIdleBroker } from '../../broker.ts';
import { refuseContradictions } from '../../contradictions.ts';
import { loadPeers, publishedRun, tell } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { type Interrupt, takeInterrupts } from '../../interrupt.ts';
import { type Loaded, loadServices } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { type Opened, openNamed } from '../../open.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { reproduce } from '../../reproduce.ts';
import { referenceConcurrency } from '../../threads.ts';

/** Options of `weir fuzz`, as the command line gives them. */
export interface FuzzOptions extends SecretOptions {
  readonly implementation?: string;
  readonly role?: Role[];
  readonly binding?: string[];
  readonly world?: 'real' | 'simulated';
  readonly timeScale: number;
  readonly redisUrl?: string;
  readonly allowRemote: boolean;
  /** Broken SHOULD and IMPL rules are findings too; always for the reference pair. */
  readonly strict: boolean;
  readonly seed?: number;
  /** Most scenarios. */
  readonly runs: number;
  /** Longest that the search goes on, seconds. */
  readonly time: number;
  readonly concurrency?: number;
  readonly output: string;
}

/** Longest that a failure is made smaller, as a share of the time of the search. */
const SHRINKING = 0.5;

/** From how many seeds one is drawn: files and ids have it in their names, so it is short. */
const SEEDS_DRAWN = 100_000;

/** How many seeds are tried to make the written case fail, where the first does not. */
const SEEDS = 8;

/** `weir fuzz`: runs generated scenarios until one fails, makes it small and leaves it as a case file. Gives the exit code. */
export async function fuzzCommand(protocolName: string | undefined, options: FuzzOptions): Promise<number> {
  refuseContradictions(options);
  const loaded = await loadServices(protocolName);
  refuseIdleBroker(loaded.protocol, options.redisUrl);
  // A find must have its place before it is searched for.
  makeOutputFolder(options.output);
  const interrupt = takeInterrupts(process, (text) => process.stderr.write(text));
  const { implementation: name } = options;
  const implementation = name === undefined ? undefined : await openNamed(name, 1, loaded.protocol, options.secrets, true);
  const world = await worldOf(options, implementation);
  try {
    await demandBroker(world, loaded.protocol);
    return await search(loaded, options, implementation, world, interrupt);
  } finally {
    await implementation?.open.close();
    await world.close();
    interrupt.forget();
  }
}

async function search(
  loaded: Loaded,
  options: FuzzOptions,
  implementation: Opened | undefined,
  world: World,
  interrupt: Interrupt,
): Promise<number> {
  const { protocol, corpus } = loaded;
  const seed = options.seed ?? Math.floor(Math.random() * SEEDS_DRAWN);
  const simulated = (await import('../../../worlds/simulated/index.ts')).simulatedWorld();
  const { makeClient, makeServer } = await loadPeers(loaded);
  const reference = referenceEnds(makeClient, makeServer);
  const info = implementation?.open.info;
  const timersOf =
    (timeScale: number): Bench['fixedTimers'] =>
    (role) =>
      timersInWorld(info?.timers, role, protocol, timeScale);
  const bench: Bench = {
    protocol,
    catalogue: corpus,
    run: {
      world,
      golden: goldenSource(simulated, reference),
      withEnds: endsFrom(reference, implementation?.open, world, undefined),
      seed,
      strict: options.strict || implementation === undefined,
      now: () => performance.now(),
    },
    fixedTimers: timersOf(1),
  };
  const began = performance.now();
  const underTest = info === undefined ? referenceFacts(loaded.protocol) : { ...info, reference: false };
  const words = loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml'));
  const plan: CampaignPlan = {
    words,
    seed,
    roles: choose('role', options.role, underTest.roles),
    bindings: choose('binding', options.binding, underTest.bindings),
    runs: options.runs,
    over: () => interrupt.stopped() || performance.now() - began > options.time * 1000,
    concurrency: options.concurrency ?? info?.concurrency ?? referenceConcurrency(world.name),
    has: (role, feature) => {
      const bound = corpus.features.get(feature);
      return info === undefined || (bound !== undefined && bound.role !== 'both' && bound.role !== role) || info.features.includes(feature);
    },
    known: knownAmong(implementation?.knownFailures ?? [], words.requirements),
    attempt: attempts(bench, 'needed'),
    references: implementation === undefined ? [] : referencePairs(bench, reference, simulated, timersOf(options.timeScale)),
    chancy: world.name === 'real',
  };
  const whom = info === undefined ? 'reference client and reference server' : `${info.name} ${info.version}`;
  say(`${protocol.title}: generated scenarios for ${whom}, ${world.name} world, seed ${seed}`);
  interrupt.begin(() => implementation?.open.bequeath());
  const { runs, failure, known } = await campaign(plan);
  const seconds = (performance.now() - began) / 1000;
  say(`${runs} scenarios in ${seconds.toFixed(1)} s (${Math.round(runs / seconds)}/s)`);
  for (const line of toldKnown(known)) say(line);
  if (failure === undefined) {
    say(interrupt.stopped() ? 'stopped' : known.size > 0 ? 'nothing new found' : 'nothing found');
    return interrupt.stopped() ? interrupt.exitCode() : EXIT.ok;
  }
  await report(failure, plan, bench, loaded, options, underTest);
  return EXIT.findings;
}

/** Makes a failure small, writes it as a case, and tells of it. */
async function report(
  failure: Failure,
  plan: CampaignPlan,
  bench: Bench,
  loaded: Loaded,
  options: FuzzOptions,
  underTest: PlannedRun['client'],
): Promise<void> {
  say(`scenario ${failure.index} fails: ${newsOf(failure.completed, plan)?.message ?? failure.completed.judged.verdict}`);
  const began = performance.now();
  const shrunk = await shrink(plan, failure, () => performance.now() - began > options.time * SHRINKING * 1000);
  say(`made smaller in ${shrunk.tried} steps`);
  const file = join(options.output, `${plan.seed}-${failure.index}.yaml`);
  writeFileSync(file, shrunk.text);
  const { completed, seed } = await again(file, failure, plan, bench);
  const { role } = failure;
  const { assignment } = completed;
  options.secrets.speaks(loaded.protocol);
  options.secrets.learn(secretsOfCase(assignment.case, options.secrets.keys), isPublished(assignment.case));
  const peer = referenceFacts(loaded.protocol);
  const ends = role === 'client' ? { client: underTest, server: peer } : { client: peer, server: underTest };
  const planned: PlannedRun = { ...assignment, case: { ...assignment.case, file }, ...ends, skip: undefined };
  const command = reproduce(planned, { ...options, world: bench.run.world.name }, seed);
  tell(
    publishedRun(planned, completed, {
      loaded,
      timeScale: bench.run.world.timeScale,
      strict: bench.run.strict,
      masker: options.secrets.masker,
      again: command,
    }),
  );
  say(`the case is in ${file}`);
}

/** Runs the written case as `weir run` does, and finds a seed with which it fails. */
async function again(
  file: string,
  { role, binding }: Failure,
  plan: CampaignPlan,
  bench: Bench,
): Promise<{ readonly completed: Completed; readonly seed: number }> {
  const id = `${bench.protocol.name}/${idOfFile(bench.protocol.name, file)}`;
  const text = readText(file, LONGEST_WRITTEN);
  let last: Completed | undefined;
  for (let seed = plan.seed; seed < plan.seed + SEEDS; seed += 1) {
    last = await attempts({ ...bench, run: { ...bench.run, seed } }, 'always')(text, { id, role, binding });
    if (newsOf(last, plan) !== undefined) return { completed: last, seed };
  }
  if (last === undefined) throw new Error(`${file} was not run`);
  return { completed: last, seed: plan.seed };
}

/** Who names a Redis wants the world in which it is. */
async function worldOf({ world, timeScale, allowRemote, redisUrl }: FuzzOptions, implementation: Opened | undefined): Promise<World> {
  if (world === 'real' || implementation !== undefined || redisUrl !== undefined)
    return (await import('../../../worlds/real/index.ts')).realWorld({ timeScale, allowRemote, brokerUrl: redisUrl });
  return (await import('../../../worlds/simulated/index.ts')).simulatedWorld();
}

function choose<T extends string>(what: string, wanted: readonly T[] | undefined, there: readonly T[]): readonly T[] {
  const missing = (wanted ?? []).filter((each) => !there.includes(each));
  if (missing.length > 0) throw new UsageError(`there is no ${what} ${missing.join(', ')}; there is ${there.join(', ')}`);
  return wanted ?? there;
}

/** What was found and known, in lines; none where that is nothing. */
function toldKnown(known: ReadonlyMap<string, number>): string[] {
  const all = [...known].toSorted(([, a], [, b]) => b - a);
  if (all.length === 0) return [];
  const count = all.reduce((sum, [, times]) => sum + times, 0);
  return [
    `${count} of them failed for nothing but what known-failures lists:`,
    ...all.map(([fingerprint, times]) => `  ${fingerprint}: ${times}`),
  ];
}

function say(text: string): void {
  process.stdout.write(`${oneLine(text)}\n`);
}
