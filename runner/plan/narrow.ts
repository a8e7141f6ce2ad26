import type { CaseRun, Results } from '../results/result.ts';
import type { PlannedRun } from './plan.ts';
import { runId } from './run-id.ts';

/** One part of a run that is spread over several machines. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Reads `2/5`. Throws an Error saying what a shard is. */
export function parseShard(text: string): Shard {
  const [, index = '', count = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count))
    throw new Error(`a shard is written 2/5, its first number from 1 to its second; not ${text}`);
  return shard;
}

/**
 * The part of a plan that a shard runs. All runs of a case stay together, since its bindings are compared; cases are dealt out
 * in turn, so that the areas, and with them the slow cases, are spread.
 */
export function shardOf(planned: readonly PlannedRun[], { index, count }: Shard): readonly PlannedRun[] {
  const cases = [...new Set(planned.map((run) => run.case.id))];
  const own = new Set(cases.filter((_id, i) => i % count === index - 1));
  return planned.filter((run) => own.has(run.case.id));
}

/** What earlier results say of the case-runs that were made, and of those that were not made again. */
export interface EarlierRuns extends Pick<Results, 'greenBefore'> {
  readonly runs: readonly Pick<CaseRun, 'id' | 'verdict' | 'expected'>[];
}

/** Ids of the case-runs that are green by earlier results. */
export function greenOf({ runs, greenBefore = [] }: EarlierRuns): string[] {
  return [...greenBefore, ...runs.filter(isGreen).map(({ id }) => id)];
}

/** The part of a plan that was red, or was never reached, in earlier results. */
export function lastFailed(planned: readonly PlannedRun[], earlier: EarlierRuns): readonly PlannedRun[] {
  const green = new Set(greenOf(earlier));
  return planned.filter((run) => run.skip === undefined && !idsOf(run).some((id) => green.has(id)));
}

/** A run's id, and those it had when its case was called otherwise. */
function idsOf({ id, case: loaded, role, binding, repeat }: PlannedRun): string[] {
  return [id, ...loaded.aliases.map((alias) => runId(alias, role, binding, repeat))];
}

function isGreen({ verdict, expected }: Pick<CaseRun, 'verdict' | 'expected'>): boolean {
  return expected !== 'stale-known-failure' && (verdict === 'pass' || verdict === 'skip' || expected === 'known-failure');
}
