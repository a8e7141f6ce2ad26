import type { Automaton, Invariant, StartInvariants } from './invariant.ts';

/** Starts many invariants as one automaton. */
export function startTogether<M>(
  invariants: readonly Invariant<M>[],
  facts: Parameters<StartInvariants<M>>[0],
  reportOf: Parameters<StartInvariants<M>>[1],
): Automaton<M> {
  const all = invariants.map((invariant) => invariant.start(facts, reportOf(invariant)));
  return {
    observe: (event) => {
      for (const automaton of all) automaton.observe(event);
    },
    forget: (past) => {
      for (const automaton of all) automaton.forget?.(past);
    },
    finish: () => {
      for (const automaton of all) automaton.finish();
    },
  };
}
