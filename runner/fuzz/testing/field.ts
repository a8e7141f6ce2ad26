import { join } from 'node:path';
import { bindingNames } from '../../../protocols/common/binding.ts';
import type { MakeReferenceClient, MakeReferenceServer } from '../../../protocols/common/protocol.ts';
import { loadCorpus } from '../../cases/load.ts';
import { goldenSource } from '../../execute/golden.ts';
import { alwaysInProcess, type ReferenceEnds, referenceEnds } from '../../execute/reference-ends.ts';
import { packageRoot } from '../../package-root.ts';
import { protocolEntry } from '../../registry.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import { attempts, type Bench, referencePairs } from '../attempt.ts';
import type { CampaignPlan } from '../campaign.ts';
import { loadWords } from '../words.ts';

/** Changes a reference peer into one with a bug. */
export interface Bugs {
  readonly client?: (make: MakeReferenceClient) => MakeReferenceClient;
  readonly server?: (make: MakeReferenceServer) => MakeReferenceServer;
}

/** What campaigns of tests are made of. */
export interface Field {
  readonly bench: Bench;
  /** The peers as they are. */
  readonly pair: ReferenceEnds;
  /** A plan with the peers as they are, or with bugs in the one under test. */
  plan(seed: number, runs: number, bugs?: Bugs): CampaignPlan;
}

/** Loads a protocol's words and peers, for campaigns in the simulated world. */
export async function field(name = 'river'): Promise<Field> {
  const entry = protocolEntry(name);
  const protocol = await entry.protocol();
  const folder = join(packageRoot(), 'cases', protocol.name);
  const corpus = loadCorpus({ folder, language: protocol, only: () => false });
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(corpus.services);
  const simulated = simulatedWorld();
  const pair = referenceEnds(makeClient, makeServer);
  const benchOf = ({ client, server }: Bugs, seed: number): Bench => {
    const ends = referenceEnds(client?.(makeClient) ?? makeClient, server?.(makeServer) ?? makeServer);
    return {
      protocol,
      catalogue: corpus,
      run: {
        world: simulated,
        golden: goldenSource(simulated, pair),
        withEnds: alwaysInProcess(ends),
        seed,
        strict: true,
        now: () => performance.now(),
      },
    };
  };
  const words = loadWords(join(folder, 'fuzz.yaml'));
  return {
    bench: benchOf({}, 1),
    pair,
    plan(seed, runs, bugs) {
      const bench = benchOf(bugs ?? {}, seed);
      return {
        words,
        seed,
        runs,
        roles: bugs?.server === undefined ? ['client'] : ['server'],
        bindings: bindingNames(protocol),
        over: () => false,
        concurrency: 1,
        has: () => true,
        kindOf: (procedure) => corpus.procedureKinds[procedure],
        known: () => false,
        attempt: attempts(bench, 'needed'),
        references: bugs === undefined ? [] : referencePairs(bench, pair, simulated),
        chancy: false,
      };
    },
  };
}
