import type { Party } from './frame.ts';
import type { Automaton, Invariant, InvariantReport, Past, RunFacts } from './invariant.ts';
import type { TraceEvent } from './trace.ts';

/** Says of a requirement whether it held, and if not, why: the decisive event first. Returns `ok`. */
export interface Check {
  (ok: true, requirement: string, blame: Party): boolean;
  (ok: boolean, requirement: string, blame: Party, message: () => string, events: readonly (number | undefined)[]): boolean;
}

/** Makes the check of a report; events that are undefined are left out. */
export function checkInto(report: InvariantReport): Check {
  return (ok: boolean, requirement: string, blame: Party, message?: () => string, events: readonly (number | undefined)[] = []) => {
    if (ok) report.holds(requirement, blame);
    else report.violates({ requirement, blame, message: message?.() ?? '', events: events.filter((n) => n !== undefined) });
    return ok;
  };
}

/** Lets go of what is known of connections that are over. */
export function forgetConnections(known: Map<number, unknown> | Set<number>, { isOver }: Pick<Past, 'isOver'>): void {
  for (const connection of known.keys()) if (isOver(connection)) known.delete(connection);
}

/** An automaton's eyes on single events and its last word. */
export interface Watching<M> {
  observe?(event: TraceEvent<M>): void;
  finish?(): void;
  /** Lets go of what only the past needs. Of what sessions and connections are keys to, they let go themselves. */
  forget?(past: Past): void;
}

/** An invariant over plain trace events; `name` with its protocol in front. */
export function eventInvariant<M>(
  name: string,
  requirements: readonly string[],
  watch: (facts: RunFacts, check: Check) => Watching<M>,
): Invariant<M> {
  return {
    name,
    requirements,
    start: (facts, report): Automaton<M> => {
      const watching = watch(facts, checkInto(report));
      return {
        observe: (event) => watching.observe?.(event),
        finish: () => watching.finish?.(),
        forget: (past) => watching.forget?.(past),
      };
    },
  };
}
