import type { Automaton, Invariant, StartInvariants } from '../../common/invariant.ts';
import type { RiverMessage } from '../message.ts';
import { type EndInvariant, followTogether, type Listening } from './judging.ts';

/** Starts many invariants as one automaton that follows the sessions of each role once for all of them. */
export function startTogether(
  invariants: readonly Invariant<RiverMessage>[],
  facts: Parameters<StartInvariants<RiverMessage>>[0],
  reportOf: Parameters<StartInvariants<RiverMessage>>[1],
): Automaton<RiverMessage> {
  const listening: Listening[] = [];
  const apart: Automaton<RiverMessage>[] = [];
  for (const invariant of invariants) {
    if (isEndInvariant(invariant)) listening.push(...invariant.listen(facts, reportOf(invariant)));
    else apart.push(invariant.start(facts, reportOf(invariant)));
  }
  const all = [...apart, followTogether(listening, facts)];
  return {
    observe: (event) => {
      for (const automaton of all) automaton.observe(event);
    },
    finish: () => {
      for (const automaton of all) automaton.finish();
    },
    forget: (past) => {
      for (const automaton of all) automaton.forget?.(past);
    },
  };
}

function isEndInvariant(invariant: Invariant<RiverMessage>): invariant is EndInvariant {
  return 'listen' in invariant;
}
