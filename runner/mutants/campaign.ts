import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES } from '../../protocols/common/frame.ts';
import { AMOUNTS, type Amount } from '../plan/amount.ts';
import { type Builder, unpatchedRegistry, withBuilder } from './build.ts';
import { type Crew, type JobOutcome, newCrew, type PendingJob } from './crew.ts';
import type { Job, WorkerSetup } from './messages.ts';
import type { PatchedPeer } from './patch.ts';
import { probedRegistry } from './probes.ts';

/** Options that every command which runs patched peers has. */
export interface CampaignOptions {
  readonly protocol?: string;
  readonly area?: string[];
  readonly case?: string[];
  /** How much of the combinations of cases with axes is run. */
  readonly axes: Amount;
  readonly json?: string;
  readonly threads: number;
  readonly seed: number;
}

/** Adds those options; `peers` is what the command calls them. */
export function withCampaignOptions(command: Command, peers: string): Command {
  return command
    .option('--area <glob...>', `only ${peers} of these areas`)
    .option('--case <glob...>', 'only these cases')
    .addOption(
      new Option('--axes <amount>', 'how much of the combinations of cases with axes').choices(AMOUNTS).default('full' satisfies Amount),
    )
    .option('--json <file>', 'writes the outcome')
    .option('--threads <count>', `${peers} at a time`, positive, 2)
    .option('--seed <number>', 'seed of all randomness', positive, 20_260_101)
    .option('--protocol <name>', 'protocol (default: the first)');
}

/** How the peers are run. */
export interface Campaign extends Pick<Job, 'quick' | 'digests'> {
  readonly root: string;
  readonly protocol: string;
  /** Of all peers of it. */
  readonly builder: Builder;
  readonly crew: Crew;
  /** What the peers are called. */
  readonly name: string;
}

/** Hands on what peers are built by and run in, and takes that away once it is over. */
export async function withMeans<T>(
  root: string,
  setup: WorkerSetup,
  threads: number,
  use: (means: Pick<Campaign, 'root' | 'protocol' | 'builder' | 'crew'>) => Promise<T>,
): Promise<T> {
  return withBuilder(root, async (builder) => {
    const crew = newCrew(setup, threads);
    try {
      return await use({ root, protocol: setup.protocol, builder, crew });
    } finally {
      await crew.close();
    }
  });
}

/** The peers as they are, run in both roles. */
export interface Unpatched {
  /** Case-runs that they do not pass, by run id: these can tell nothing of a patched peer. */
  readonly unfit: readonly string[];
  /** By run id, where the campaign asks for them. */
  readonly digests: ReadonlyMap<string, string>;
  /** By id of a patched peer: the run ids that reach what it does otherwise, where this was asked for. */
  readonly reached: ReadonlyMap<string, readonly string[]>;
}

/** Runs the corpus, or `only` some of it, with the peers as they are. */
export function runUnpatched(campaign: Campaign, only: Job['only'] = 'all'): Promise<Unpatched> {
  const registry = async (): Promise<string> => unpatchedRegistry(campaign.root);
  return runAsTheyAre(
    campaign,
    ROLES.map((role) => ({ role, registry, bindings: 'all', only, watched: [] })),
  );
}

/**
 * Runs what there is to run with the patched peers with the peers as they are, and watches which case-runs reach what each of those does
 * otherwise. In the simulated world a case-run takes the same course every time, so that nothing comes out otherwise in one that does not
 * reach it.
 */
export async function runWatched(campaign: Campaign, peers: readonly PatchedPeer[]): Promise<Unpatched> {
  const { registry, watched } = await probedRegistry(campaign, peers);
  // Of all bindings other combinations are chosen than of the first alone.
  const jobs = ROLES.flatMap((role) =>
    (['first', 'all'] as const).map((bindings) => {
      const ids = new Set(peers.filter((peer) => peer.role === role && (peer.bindings ?? 'first') === bindings).map(({ id }) => id));
      return { role, registry: async () => registry, bindings, only: 'all' as const, watched: watched.filter(({ id }) => ids.has(id)) };
    }),
  );
  return runAsTheyAre(
    campaign,
    jobs.filter((job) => job.watched.length > 0),
  );
}

type OfUnpatched = Pick<PendingJob, 'role' | 'registry' | 'bindings' | 'only' | 'watched'>;

async function runAsTheyAre({ crew, digests }: Campaign, jobs: readonly OfUnpatched[]): Promise<Unpatched> {
  const outcomes: JobOutcome[] = [];
  const shared = { id: 'unpatched', without: [], subject: { name: '', requirements: [], area: '' }, quick: false, digests };
  await crew.carryOut(
    jobs.map((job): PendingJob => ({ ...shared, ...job })),
    (outcome) => outcomes.push(outcome),
  );
  return {
    unfit: outcomes.flatMap(({ notices }) => notices.map(({ run }) => run)),
    digests: new Map(outcomes.flatMap((outcome) => [...outcome.digests])),
    reached: new Map(outcomes.flatMap((outcome) => [...outcome.reached])),
  };
}

/**
 * Runs the corpus with each of the peers, but for the case-runs that the peers as they are do not pass; gives what came of it by peer id.
 * Where these were watched, with those case-runs only that reach what a peer does otherwise.
 */
export async function runPatched(
  { protocol, builder, crew, quick, digests, name }: Campaign,
  peers: readonly PatchedPeer[],
  { unfit, reached }: { readonly unfit: readonly string[]; readonly reached?: Unpatched['reached'] | undefined },
): Promise<ReadonlyMap<string, JobOutcome>> {
  const jobs = peers.map((peer): PendingJob => {
    const { id, role, area, bindings = 'first', requirement: requirements = [], noticedBy } = peer;
    return {
      id,
      role,
      registry: () => builder.build(peer, protocol),
      bindings,
      without: unfit,
      only: reached === undefined ? 'all' : (reached.get(id) ?? []),
      subject: { name: id, requirements, area, noticedBy },
      quick,
      digests,
      watched: [],
    };
  });
  const outcomes = new Map<string, JobOutcome>();
  await crew.carryOut(jobs, (outcome) => {
    outcomes.set(outcome.job.id, outcome);
    if (process.stderr.isTTY) process.stderr.write(`\r${outcomes.size}/${jobs.length} ${name}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  return outcomes;
}

/** Reads an option that counts. Throws where it does not. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a positive integer');
  return value;
}
