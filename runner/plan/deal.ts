import type { PlannedRun } from './plan.ts';

/** Steps that a case-run counts for beside its own: what is set up, judged and told of it. */
const STEPS_OF_ANY = 20;

/**
 * A plan in so many parts that take about as long: each case goes, the one with the most to do first, to the part that has the least so far.
 * All runs of a case stay together, since its bindings are compared, and in the plan's order. Parts may be empty where cases are few.
 */
export function dealByWork(planned: readonly PlannedRun[], parts: number): readonly (readonly PlannedRun[])[] {
  const works = new Map<string, number>();
  for (const { case: loaded } of planned) works.set(loaded.id, (works.get(loaded.id) ?? 0) + STEPS_OF_ANY + loaded.steps.length);
  const sums = Array.from({ length: parts }, () => 0);
  const partOf = new Map<string, number>();
  for (const [id, work] of [...works].sort(([, a], [, b]) => b - a)) {
    const least = sums.indexOf(Math.min(...sums));
    sums[least] = (sums[least] ?? 0) + work;
    partOf.set(id, least);
  }
  return sums.map((_, part) => planned.filter((run) => partOf.get(run.case.id) === part));
}
