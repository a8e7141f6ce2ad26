import type { Automaton, Invariant, InvariantReport, RunFacts, StartInvariants } from './invariant.ts';
import { type Check, checkInto } from './judging.ts';

/** Follows a trace and tells all listeners what its events mean, which is so worked out once for many rules. */
export type Follow<M, L> = (facts: RunFacts, listeners: readonly L[]) => Automaton<M>;

/** An invariant that is told of a trace by who follows it. */
export interface ListeningInvariant<M, L> extends Invariant<M> {
  /** Its ears, for who follows a trace for several. */
  listen(facts: RunFacts, report: InvariantReport): L;
}

/** Makes one; started alone, it has the trace followed for itself. */
export function listeningInvariant<M, L>(
  follow: Follow<M, L>,
  name: string,
  requirements: readonly string[],
  listen: (check: Check, facts: RunFacts) => L,
): ListeningInvariant<M, L> {
  const hear = (facts: RunFacts, report: InvariantReport): L => listen(checkInto(report), facts);
  return { name, requirements, listen: hear, start: (facts, report) => follow(facts, [hear(facts, report)]) };
}

/** Starts many invariants as one automaton. */
export function startTogether<M, L>(
  follow: Follow<M, L>,
  invariants: readonly ListeningInvariant<M, L>[],
  facts: RunFacts,
  reportOf: Parameters<StartInvariants<M>>[1],
): Automaton<M> {
  return follow(
    facts,
    invariants.map((invariant) => invariant.listen(facts, reportOf(invariant))),
  );
}
