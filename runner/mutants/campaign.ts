import { type Command, InvalidArgumentError, Option } from 'commander';
import { AMOUNTS, type Amount } from '../plan/amount.ts';
import { registryBuilder, unpatchedRegistry } from './build.ts';
import { carryOutJobs, type JobOutcome, type PendingJob } from './crew.ts';
import type { Job, WorkerSetup } from './messages.ts';
import type { PatchedPeer } from './patch.ts';

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
  readonly setup: WorkerSetup;
  readonly threads: number;
  /** What the peers are called. */
  readonly name: string;
}

/** The peers as they are, run in both roles. */
export interface Unpatched {
  /** Case-runs that they do not pass, by run id: these can tell nothing of a patched peer. */
  readonly unfit: readonly string[];
  /** By run id, where the campaign asks for them. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Runs the corpus, or `only` some of it, with the peers as they are. */
export async function runUnpatched(
  { root, setup, threads, digests }: Campaign,
  bindings: Job['bindings'],
  only: Job['only'] = 'all',
): Promise<Unpatched> {
  const registry = async (): Promise<string> => unpatchedRegistry(root);
  const subject = { name: '', requirements: [], area: '' };
  const jobs = (['client', 'server'] as const).map(
    (role): PendingJob => ({ id: 'unpatched', role, registry, bindings, without: [], only, subject, quick: false, digests }),
  );
  const outcomes: JobOutcome[] = [];
  await carryOutJobs(setup, jobs, threads, (outcome) => outcomes.push(outcome));
  return {
    unfit: outcomes.flatMap(({ notices }) => notices.map(({ run }) => run)),
    digests: new Map(outcomes.flatMap((outcome) => [...outcome.digests])),
  };
}

/** Runs the corpus with each of the peers, but for the case-runs `without`; gives what came of it by peer id. */
export async function runPatched(
  { root, setup, threads, quick, digests, name }: Campaign,
  peers: readonly PatchedPeer[],
  without: readonly string[],
): Promise<ReadonlyMap<string, JobOutcome>> {
  const build = await registryBuilder(root);
  const jobs = peers.map((peer): PendingJob => {
    const { id, role, area, bindings = 'first', requirement: requirements = [], noticedBy } = peer;
    return {
      id,
      role,
      registry: () => build(peer),
      bindings,
      without,
      only: 'all',
      subject: { name: id, requirements, area, noticedBy },
      quick,
      digests,
    };
  });
  const outcomes = new Map<string, JobOutcome>();
  await carryOutJobs(setup, jobs, threads, (outcome) => {
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
