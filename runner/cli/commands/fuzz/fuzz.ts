import { join } from 'node:path';
import { timersInWorld } from '../../../execute/fixed-timers.ts';
import { goldenSource } from '../../../execute/golden.ts';
import { endsFrom } from '../../../execute/implementation-ends.ts';
import { referenceEnds } from '../../../execute/reference-ends.ts';
import { attempts, type Bench, referencePairs } from '../../../fuzz/attempt.ts';
import type { CampaignPlan } from '../../../fuzz/campaign.ts';
import { hunt } from '../../../fuzz/hunt.ts';
import { knownAmong } from '../../../fuzz/known.ts';
import { searchClock } from '../../../fuzz/search-clock.ts';
import { loadWords } from '../../../fuzz/words.ts';
import { packageRoot } from '../../../package-root.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import type { World } from '../../../worlds/world.ts';
import { demandBroker, refuseIdleBroker } from '../../broker.ts';
import { refuseContradictions } from '../../contradictions.ts';
import { loadPeers } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { type Interrupt, takeInterrupts } from '../../interrupt.ts';
import { type Loaded, loadServices } from '../../load.ts';
import { type Opened, openNamed } from '../../open.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { referenceConcurrency } from '../../threads.ts';
import type { FuzzOptions } from './options.ts';
import { report } from './report.ts';
import { say } from './say.ts';

/** From how many seeds one is drawn: files and ids have it in their names, so it is short. */
const SEEDS_DRAWN = 100_000;

/** `weir fuzz`: runs generated scenarios, makes what fails small and leaves it as case files. Gives the exit code. */
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
  const clock = searchClock(options.time * 1000, () => performance.now());
  const underTest = info === undefined ? referenceFacts(loaded.protocol) : { ...info, reference: false };
  const without = options.without === undefined ? [] : choose('feature', options.without, [...corpus.features.keys()]);
  const words = loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml'));
  const plan: CampaignPlan = {
    words,
    seed,
    roles: choose('role', options.role, underTest.roles),
    bindings: choose('binding', options.binding, underTest.bindings),
    runs: options.runs,
    over: () => interrupt.stopped() || clock.isOver(),
    concurrency: options.concurrency ?? info?.concurrency ?? referenceConcurrency(world.name),
    kindOf: (procedure) => corpus.procedureKinds[procedure],
    has: (role, feature) => {
      if (without.includes(feature)) return false;
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
  const { runs, told, known, again } = await hunt(plan, (failure, { known: isKnown }) =>
    clock.shrinking((over) => report(failure, { ...plan, known: isKnown }, { bench, loaded, options, underTest }, over)),
  );
  const seconds = clock.searched() / 1000;
  say(`${runs} scenarios in ${seconds.toFixed(1)} s (${Math.round(runs / seconds)}/s)`);
  for (const line of counted(known, 'nothing but what known-failures lists')) say(line);
  for (const line of counted(again, 'nothing but what is told above')) say(line);
  if (told > 0) say(`${told} ${told === 1 ? 'failure' : 'failures'} told`);
  else say(interrupt.stopped() ? 'stopped' : known.size > 0 ? 'nothing new found' : 'nothing found');
  if (told > 0) return EXIT.findings;
  return interrupt.stopped() ? interrupt.exitCode() : EXIT.ok;
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

/** What scenarios failed for, in lines; none where that is nothing. */
function counted(fingerprints: ReadonlyMap<string, number>, what: string): string[] {
  const all = [...fingerprints].toSorted(([, a], [, b]) => b - a);
  if (all.length === 0) return [];
  const count = all.reduce((sum, [, times]) => sum + times, 0);
  return [`${count} of them failed for ${what}:`, ...all.map(([fingerprint, times]) => `  ${fingerprint}: ${times}`)];
}
