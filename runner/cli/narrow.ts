import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { greenOf, lastFailed, type Shard, shardOf } from '../plan/narrow.ts';
import type { PlannedRun } from '../plan/plan.ts';
import type { Results } from '../results/result.ts';
import type { World } from '../worlds/world.ts';
import { NothingToDo, UsageError } from './exit.ts';
import type { Loaded } from './load.ts';
import { LINES_FILE } from './result-lines.ts';

/** Options that leave a part of the plan, or put variants in its place. */
export interface Narrowing {
  readonly shard?: Shard;
  readonly lastFailed: boolean;
  /** What `lastFailed` goes by, instead of the results file. */
  readonly earlier?: Earlier;
  /** Kinds or single variants; true: all. */
  readonly sweep?: string[] | true;
  readonly output: string | false;
}

/** What golden traces of the variants are made with. */
interface Reference {
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
  readonly simulated: World;
}

/** What is known of a run before. */
export type Earlier = Pick<Results, 'runs' | 'greenBefore'>;

/** What a plan is narrowed to. */
export interface Narrowed {
  readonly planned: readonly PlannedRun[];
  /** Case-runs that are left out, since they were green before; undefined where that was not asked for. */
  readonly greenBefore: readonly string[] | undefined;
}

/**
 * The part of the plan that the options leave, and the variants they ask for. Throws a `UsageError` when no variant is left,
 * `NothingToDo` when nothing was red.
 */
export async function narrow(
  everything: readonly PlannedRun[],
  options: Narrowing,
  loaded: Loaded,
  reference: Reference,
): Promise<Narrowed> {
  const own = options.shard === undefined ? everything : shardOf(everything, options.shard);
  const planned = options.sweep === undefined || own.length === 0 ? own : await variants(own, options.sweep, loaded, reference);
  if (!options.lastFailed) return { planned, greenBefore: undefined };
  const earlier = options.earlier ?? (await earlierRuns(options.output));
  const left = lastFailed(planned, earlier);
  if (left.length === 0) throw new NothingToDo('nothing was red in the results of the last run, and all of it was reached');
  return { planned: left, greenBefore: greenOf(earlier) };
}

async function variants(
  planned: readonly PlannedRun[],
  what: string[] | true,
  { protocol, corpus }: Loaded,
  reference: Reference,
): Promise<readonly PlannedRun[]> {
  const { expandSweep, parseSweep } = await import('../sweep/expand.ts');
  const sweep = parseSweep(what === true ? [] : what);
  if (!sweep.ok) throw new UsageError(sweep.problem);
  const ends = referenceEnds(reference.makeClient, reference.makeServer);
  const golden = goldenSource(reference.simulated, ends);
  const { procedureKinds } = corpus;
  const found = await expandSweep(planned, sweep, protocol, (run) =>
    golden.of({ protocol, case: run.case, role: run.role, binding: run.binding, seed: 0, procedureKinds, ...ends }),
  );
  if (found.length === 0)
    throw new UsageError('no variant is left: a sweep takes cases in which applications only call and read, and frames that they have');
  return found;
}

async function earlierRuns(output: string | false): Promise<Earlier> {
  const folder = output === false ? 'weir-report' : output;
  const whole = join(folder, 'results.json');
  // Of a run that was ended at once there are the lines.
  const file = [whole, join(folder, LINES_FILE)].find((each) => existsSync(each));
  if (file === undefined) throw new UsageError(`--last-failed needs the results of an earlier run, and there is no ${whole}`);
  const { readResults } = await import('./results-file.ts');
  return readResults(file);
}
