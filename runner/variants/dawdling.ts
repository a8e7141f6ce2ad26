import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../../protocols/common/protocol.ts';
import type { Corpus } from '../cases/case.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import type { GoldenSource } from '../execute/golden.ts';
import { alwaysInProcess, referenceEnds } from '../execute/reference-ends.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { seededRandom } from '../worlds/random.ts';
import { realWorld } from '../worlds/real/index.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { slowClient, slowServer } from './slow-peer.ts';

/** Longest pause before a step, nominal ms: some applications take so long for one call of their library. */
const LONGEST_PAUSE_MS = 25;

/** Longest that a slow peer takes for a frame or for telling its application, nominal ms. */
const LONGEST_LAG_MS = 12;

/** Of the real world: as the command line has it. */
const TIME_SCALE = 0.2;

/** Case-runs at a time in each world. */
const AT_A_TIME = { real: 24, simulated: 1 } as const;

/**
 * A variant of no peer in particular, but of when things happen: pauses before the steps of a case, and ends that take a while
 * for everything, drawn from a seed. No rule speaks of either, so no verdict may hang on it.
 */
export interface Dawdling {
  /** `simulated-pauses-1` */
  readonly id: string;
  readonly world: 'real' | 'simulated';
  /** Pauses before steps. */
  readonly pauses: boolean;
  /** Which ends are slow. */
  readonly slow: 'none' | 'client' | 'server' | 'both';
  readonly seed: number;
}

/** All that are tried, or as many of each kind as `seeds` says. */
export function dawdlings(seeds: number): readonly Dawdling[] {
  const kinds = [
    { word: 'pauses', pauses: true, slow: 'none' },
    { word: 'slow-client', pauses: false, slow: 'client' },
    { word: 'slow-server', pauses: false, slow: 'server' },
    { word: 'all-slow', pauses: true, slow: 'both' },
  ] as const;
  const simulated = Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    kinds.map(({ word, ...kind }): Dawdling => ({ id: `simulated-${word}-${seed}`, world: 'simulated', ...kind, seed })),
  );
  return [...simulated, { id: 'real-all-slow-1', world: 'real', pauses: true, slow: 'both', seed: 1 }];
}

/** What the corpus is run with. */
export interface Surroundings {
  readonly protocol: Protocol;
  readonly corpus: Corpus;
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
  /** Of the pair that does not dawdle. */
  readonly golden: GoldenSource;
  readonly seed: number;
}

/** A case-run whose verdict hangs on how fast things happen. */
export interface Alarm {
  readonly run: string;
  readonly verdict: string;
  readonly messages: readonly string[];
}

/**
 * Runs what is planned with the reference pair, dawdling; gives every case-run that does not pass. In the real world two dozen share an
 * interpreter, so what does not pass there is asked again alone: that the others make it late is not what is tried.
 */
export async function dawdle(dawdling: Dawdling, planned: readonly PlannedRun[], surroundings: Surroundings): Promise<readonly Alarm[]> {
  const concurrency = AT_A_TIME[dawdling.world];
  const alarms = await alarmsOf(dawdling, planned, surroundings, concurrency);
  if (concurrency === 1 || alarms.length === 0) return alarms;
  const doubtful = new Set(alarms.map(({ run }) => run));
  return alarmsOf(
    dawdling,
    planned.filter(({ id }) => doubtful.has(id)),
    surroundings,
    1,
  );
}

async function alarmsOf(
  dawdling: Dawdling,
  planned: readonly PlannedRun[],
  surroundings: Surroundings,
  concurrency: number,
): Promise<readonly Alarm[]> {
  const { protocol, corpus, makeClient, makeServer } = surroundings;
  const world = dawdling.world === 'real' ? realWorld({ timeScale: TIME_SCALE }) : simulatedWorld();
  const { slow } = dawdling;
  const draw = drawing(dawdling.seed, LONGEST_LAG_MS * world.timeScale);
  const ends = referenceEnds(
    slow === 'client' || slow === 'both' ? slowClient(makeClient, draw) : makeClient,
    slow === 'server' || slow === 'both' ? slowServer(makeServer, draw) : makeServer,
  );
  const pause = drawing(dawdling.seed + 1, LONGEST_PAUSE_MS);
  const alarms: Alarm[] = [];
  await runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world,
      golden: surroundings.golden,
      withEnds: alwaysInProcess(ends),
      sameEnds: true,
      seed: surroundings.seed,
      strict: false,
      pace: dawdling.pauses ? { before: pause } : undefined,
      concurrency,
      now: () => performance.now(),
      stopped: () => false,
    },
    planned,
    ({ assignment, judged }) => {
      if (judged.verdict === 'pass') return;
      alarms.push({ run: assignment.id, verdict: judged.verdict, messages: judged.findings.map(({ message }) => message) });
    },
  );
  await world.close();
  return alarms;
}

/** Times from 0 up to the longest, half of them 0: what comes at once must be tried beside what comes late. */
function drawing(seed: number, longest: number): () => number {
  const random = seededRandom(seed);
  return () => (random() < 0.5 ? 0 : random() * longest);
}
