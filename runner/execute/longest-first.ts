import type { LoadedCase } from '../cases/case.ts';

/** Nominal ms that a case lets pass in any event: its quiet times and the soonest moments of what it waits for. */
export function declaredWaitMs(loaded: Pick<LoadedCase, 'steps'>): number {
  let total = 0;
  for (const { action } of loaded.steps) {
    if (action.kind === 'quiet') total += action.for;
    else if (action.kind === 'await' || action.kind === 'opened' || action.kind === 'closed') total += action.after;
  }
  return total;
}

/** Those that must wait longest first, so that none of them is left to the end alone; otherwise in the given order. */
export function longestFirst<T>(units: readonly T[], caseOf: (unit: T) => Pick<LoadedCase, 'steps'> | undefined): T[] {
  const waits = new Map(units.map((unit) => [unit, declaredWaitMs(caseOf(unit) ?? { steps: [] })]));
  return [...units].sort((a, b) => (waits.get(b) ?? 0) - (waits.get(a) ?? 0));
}
