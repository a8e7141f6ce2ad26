import type { Automaton, Invariant, StartInvariants } from '../../common/invariant.ts';
import type { RSocketFrame } from '../frame.ts';

/** Starts many invariants as one automaton. */
export function startTogether(
  invariants: readonly Invariant<RSocketFrame>[],
  facts: Parameters<StartInvariants<RSocketFrame>>[0],
  reportOf: Parameters<StartInvariants<RSocketFrame>>[1],
): Automaton<RSocketFrame> {
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
