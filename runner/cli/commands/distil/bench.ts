import { timersInWorld } from '../../../execute/fixed-timers.ts';
import { goldenSource } from '../../../execute/golden.ts';
import { endsFrom } from '../../../execute/implementation-ends.ts';
import { alwaysInProcess, referenceEnds } from '../../../execute/reference-ends.ts';
import { type Attempt, attempts, type Bench } from '../../../fuzz/attempt.ts';
import { demandBroker } from '../../broker.ts';
import { loadPeers } from '../../evidence.ts';
import type { Loaded } from '../../load.ts';
import type { Opened } from '../../open.ts';
import type { DistilOptions } from './options.ts';

/** How many seeds the reference pair must get through a case with. */
const SEEDS = 2;

/** Who tries a case. */
export interface TryOut {
  readonly conforming: readonly Attempt[];
  readonly accused: Attempt | undefined;
  close(): Promise<void>;
}

/** What a distilled case is tried with: reference pairs that must get through it, and the implementation that is accused, where there is one. */
export async function benchOf(loaded: Loaded, options: DistilOptions, implementation: Opened | undefined, seed: number): Promise<TryOut> {
  const { protocol, corpus } = loaded;
  const simulated = (await import('../../../worlds/simulated/index.ts')).simulatedWorld();
  const { makeClient, makeServer } = await loadPeers(loaded);
  const reference = referenceEnds(makeClient, makeServer);
  const run: Bench['run'] = {
    world: simulated,
    golden: goldenSource(simulated, reference),
    withEnds: alwaysInProcess(reference),
    seed,
    strict: options.strict,
    now: () => performance.now(),
  };
  const bench: Bench = { protocol, catalogue: corpus, run };
  const conforming = Array.from({ length: SEEDS }, (_, i) => attempts({ ...bench, run: { ...run, seed: seed + i } }, 'needed'));
  if (implementation === undefined) return { conforming, accused: undefined, close: async () => {} };
  const { timeScale, allowRemote, redisUrl } = options;
  const world = (await import('../../../worlds/real/index.ts')).realWorld({ timeScale, allowRemote, brokerUrl: redisUrl });
  await demandBroker(world, protocol);
  const withEnds = endsFrom(reference, implementation.open, world, undefined);
  const { timers } = implementation.open.info;
  const fixedTimers: Bench['fixedTimers'] = (role) => timersInWorld(timers, role, protocol, 1);
  return {
    conforming,
    accused: attempts({ ...bench, fixedTimers, run: { ...run, world, withEnds } }, 'always'),
    close: () => world.close(),
  };
}
