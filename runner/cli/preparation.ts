import { bindingNames } from '../../protocols/common/binding.ts';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { settleTimers } from '../execute/fixed-timers.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { chooseRuns } from '../plan/choose.ts';
import { type EndFacts, type PlannedRun, plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import type { ToxiproxyServer } from '../toxics/toxiproxy.ts';
import type { OwnPlaces } from '../worlds/real/listening.ts';
import type { World } from '../worlds/world.ts';
import { brokerOf, refuseIdleBroker, whyNotOnNamed } from './broker.ts';
import { UsageError } from './exit.ts';
import type { Loaded } from './load.ts';
import { narrow } from './narrow.ts';
import type { RunOptions } from './run-options.ts';

/** All that a run needs beside the implementation and the reporters. */
export interface Preparation {
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
  readonly worldName: 'real' | 'simulated';
  readonly world: World;
  readonly simulated: World;
  /** See `Conduct`. */
  readonly slower: World | undefined;
  readonly unscaled: World | undefined;
  /** Where the broker between the ends is, where there is one that others can reach. */
  readonly brokerUrl: string | undefined;
  readonly planned: readonly PlannedRun[];
  /** Case-runs of the selection that `--axes` leaves out. */
  readonly leftOut: readonly PlannedRun[];
  /** Case-runs that are left out, since earlier results have them green; undefined where that was not asked for. */
  readonly greenBefore: readonly string[] | undefined;
}

/** Plans a run and opens its worlds. Throws a `UsageError` where the options do not go together. */
export async function prepare(
  loaded: Loaded,
  patterns: readonly string[],
  options: RunOptions,
  underTest: EndFacts,
  peer: EndFacts = referenceFacts(loaded.protocol),
): Promise<Preparation> {
  const { protocol, corpus, entry } = loaded;
  const selection = { patterns, tags: options.tag, requirements: options.requirement, roles: options.role, bindings: options.binding };
  const ends = { underTest, peer };
  const everything = plan(corpus, selection, ends, {
    bindings: bindingNames(protocol),
    repeat: options.repeat,
    kinds: protocol.kinds,
  });
  const { planned: chosen, leftOut } = chooseRuns(everything, options.axes ?? (underTest.reference ? 'full' : 'smoke'));
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(corpus.services);
  const { simulatedWorld } = await import('../worlds/simulated/index.ts');
  const simulated = simulatedWorld();
  const narrowed = await narrow(chosen, options, loaded, { makeClient, makeServer, simulated });
  const worldName = options.world ?? 'real';
  const reference = referenceEnds(makeClient, makeServer);
  refuseIdleBroker(protocol, options.redisUrl);
  const tryOut = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    simulated,
    reference,
    golden: goldenSource(simulated, reference),
    timeScale: options.timeScale,
  };
  const planned = await settleTimers(narrowed.planned, tryOut);
  const { ownPlaces } = await import('../worlds/real/listening.ts');
  const places = ownPlaces();
  const paced = (timeScale: number): Promise<World> => realWorldOf({ ...options, timeScale }, options.redisUrl, places);
  const world = await openWorld(options, simulated, options.redisUrl, places);
  const broker = await brokerOf(world, protocol);
  const isScalable = !underTest.reference && Object.keys({ ...underTest.timers, ...peer.timers }).length === 0;
  return {
    ...{ makeClient, makeServer, worldName, world, simulated, leftOut, ...narrowed },
    planned: planned.map((run) => {
      const skip = run.skip ?? broker.lacking ?? whyNotOnNamed(run.case, options.redisUrl);
      return skip === run.skip ? run : { ...run, skip };
    }),
    brokerUrl: broker.url,
    slower: isScalable ? await paced(options.timeScale * SLOWER) : undefined,
    unscaled: planned.some(({ unscaled }) => unscaled) ? await paced(1) : undefined,
  };
}

/** How much more slowly time passes for what a machine is too slow to tell. */
const SLOWER = 5;

/** The world that the options ask for; `brokerUrl` is where a broker is already. Throws a `UsageError` where its Toxiproxy cannot be reached. */
export async function openWorld(options: RunOptions, simulated: World, brokerUrl = options.redisUrl, places?: OwnPlaces): Promise<World> {
  return options.world === 'simulated' ? simulated : realWorldOf(options, brokerUrl, places);
}

async function realWorldOf(
  { timeScale, allowRemote, toxiproxyUrl = process.env['TOXIPROXY_URL'] }: RunOptions,
  brokerUrl: string | undefined,
  places: OwnPlaces | undefined,
): Promise<World> {
  const { realWorld } = await import('../worlds/real/index.ts');
  return realWorld({ timeScale, allowRemote, brokerUrl, places, toxiproxy: toxiproxyUrl ? await toxiproxyAt(toxiproxyUrl) : undefined });
}

async function toxiproxyAt(url: string): Promise<ToxiproxyServer> {
  const { reachToxiproxy } = await import('../toxics/toxiproxy.ts');
  try {
    return await reachToxiproxy(url);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
