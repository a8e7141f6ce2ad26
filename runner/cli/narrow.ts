import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { lastFailed, type Shard, shardOf } from '../plan/narrow.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { type CaseRun, results } from '../results/result.ts';
import type { World } from '../worlds/world.ts';
import { UsageError } from './exit.ts';
import type { Loaded } from './load.ts';

/** Options that leave a part of the plan, or put variants in its place. */
export interface Narrowing {
  readonly shard?: Shard;
  readonly lastFailed: boolean;
  /** Kinds or single variants; true: all. */
  readonly sweep?: string[] | true;
  readonly output: string | false;
}

/** The part of the plan that the options leave, and the variants they ask for. Throws a `UsageError` when nothing is left of them. */
export async function narrow(
  everything: readonly PlannedRun[],
  options: Narrowing,
  { protocol, corpus }: Loaded,
  reference: { readonly makeClient: MakeReferenceClient; readonly makeServer: MakeReferenceServer; readonly simulated: World },
): Promise<readonly PlannedRun[]> {
  let planned = options.shard === undefined ? everything : shardOf(everything, options.shard);
  if (options.lastFailed) planned = lastFailed(planned, earlierRuns(options.output));
  if (options.sweep === undefined) return planned;
  const { expandSweep, parseSweep } = await import('../sweep/expand.ts');
  const sweep = parseSweep(options.sweep === true ? [] : options.sweep);
  if (!sweep.ok) throw new UsageError(sweep.problem);
  const ends = referenceEnds(reference.makeClient, reference.makeServer);
  const golden = goldenSource(reference.simulated, ends);
  const { procedureKinds } = corpus;
  const variants = await expandSweep(planned, sweep, protocol, (run) =>
    golden.of({ protocol, case: run.case, role: run.role, codec: run.codec, seed: 0, procedureKinds, ...ends }),
  );
  if (variants.length === 0) throw new UsageError('no variant is left: a sweep takes cases in which applications only call and read');
  return variants;
}

function earlierRuns(output: string | false): readonly CaseRun[] {
  const file = join(output === false ? 'weir-report' : output, 'results.json');
  if (!existsSync(file)) throw new UsageError(`--last-failed needs the results of an earlier run, and there is no ${file}`);
  const parsed = results.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UsageError(`${file} is no results file of this version`);
  return parsed.data.runs;
}
