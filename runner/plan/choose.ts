import { seedOf } from '../seed-of.ts';
import type { Amount } from './amount.ts';
import type { PlannedRun } from './plan.ts';

/** A plan, and what of it is not run. */
export interface Chosen {
  readonly planned: readonly PlannedRun[];
  readonly leftOut: readonly PlannedRun[];
}

/**
 * What an amount leaves of a plan. Of each file with axes, for each role under test by itself, as few runs as a greedy choice
 * needs: with `pairwise` such that any two values of different axes, the binding among them, that go together in some run do so in
 * a chosen one; with `smoke` such that each value is in a chosen one. The choice depends on nothing but the runs of the file.
 * Cases without axes, and runs that are skipped anyway, stay.
 */
export function chooseRuns(planned: readonly PlannedRun[], amount: Amount): Chosen {
  if (amount === 'full') return { planned, leftOut: [] };
  const files = new Map<string, PlannedRun[]>();
  for (const run of planned) {
    const { combination } = run.case;
    if (combination === undefined || run.skip !== undefined) continue;
    const key = `${combination.file}@${run.role}`;
    files.set(key, [...(files.get(key) ?? []), run]);
  }
  const left = new Set<PlannedRun>();
  for (const runs of files.values()) {
    const chosen = cover(runs, amount === 'pairwise' ? pairsOf : valuesOf);
    for (const run of runs) if (!chosen.has(idOf(run))) left.add(run);
  }
  if (left.size === 0) return { planned, leftOut: [] };
  return { planned: planned.filter((run) => !left.has(run)), leftOut: [...left] };
}

/** Repeats of a run are chosen together. */
function idOf({ case: { id }, binding }: PlannedRun): string {
  return `${id}+${binding}`;
}

function valuesOf({ case: { combination }, binding }: PlannedRun): string[] {
  return [...Object.entries(combination?.values ?? {}).map(([axis, value]) => `${axis} ${value}`), `binding ${binding}`];
}

function pairsOf(run: PlannedRun): string[] {
  const values = valuesOf(run);
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one}, ${other}`));
}

/**
 * Ids of a few runs that together have all that all of them have. Takes the one that adds most, again and again; what a run
 * adds only shrinks, so each is looked at once for every amount it may add. Equals are taken by a hash of their ids.
 */
function cover(runs: readonly PlannedRun[], partsOf: (run: PlannedRun) => readonly string[]): ReadonlySet<string> {
  const byId = new Map(runs.map((run) => [idOf(run), partsOf(run)]));
  const waiting = [...byId].sort(([a], [b]) => seedOf(0, a) - seedOf(0, b) || (a < b ? -1 : 1));
  const missing = new Set([...byId.values()].flat());
  const chosen = new Set<string>();
  for (let most = Math.max(0, ...waiting.map(([, parts]) => parts.length)); most > 0; most -= 1) {
    for (const [id, parts] of waiting) {
      if (chosen.has(id) || parts.filter((part) => missing.has(part)).length < most) continue;
      for (const part of parts) missing.delete(part);
      chosen.add(id);
    }
  }
  return chosen;
}
