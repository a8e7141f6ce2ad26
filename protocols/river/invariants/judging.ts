import type { Role } from '../../common/frame.ts';
import type { Automaton, Invariant, InvariantReport, RunFacts } from '../../common/invariant.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import type { EndListener } from './end-listener.ts';
import { followEnd } from './follow-end.ts';

/** Says of a requirement whether it held, and if not, why: the decisive event first. Returns `ok`. */
export interface Check {
  (ok: true, requirement: string, blame: Role): boolean;
  (ok: boolean, requirement: string, blame: Role, message: () => string, events: readonly (number | undefined)[]): boolean;
}

/** Makes the check of a report; events that are undefined are left out. */
export function checkInto(report: InvariantReport): Check {
  return (ok: boolean, requirement: string, blame: Role, message?: () => string, events: readonly (number | undefined)[] = []) => {
    if (ok) report.holds(requirement, blame);
    else report.violates({ requirement, blame, message: message?.() ?? '', events: events.filter((n) => n !== undefined) });
    return ok;
  };
}

/** An automaton's eyes on single events and its last word. */
export interface Watching {
  observe?(event: TraceEvent<RiverMessage>): void;
  finish?(): void;
}

/** An invariant over plain trace events. */
export function eventInvariant(
  name: string,
  requirements: readonly string[],
  watch: (facts: RunFacts, check: Check) => Watching,
): Invariant<RiverMessage> {
  return {
    name: `river/${name}`,
    requirements,
    start: (facts, report): Automaton<RiverMessage> => {
      const watching = watch(facts, checkInto(report));
      return { observe: (event) => watching.observe?.(event), finish: () => watching.finish?.() };
    },
  };
}

/** An invariant over the sessions of each role, followed apart. `listen` is called once a role. */
export function endInvariant(
  name: string,
  requirements: readonly string[],
  roles: readonly Role[],
  listen: (role: Role, facts: RunFacts, check: Check) => EndListener & Watching,
): Invariant<RiverMessage> {
  return {
    name: `river/${name}`,
    requirements,
    start: (facts, report): Automaton<RiverMessage> => {
      const ends = roles.map((role) => {
        const listener = listen(role, facts, checkInto(report));
        return { listener, follow: followEnd(role, listener) };
      });
      return {
        observe: (event) => {
          for (const { listener, follow } of ends) {
            listener.observe?.(event);
            follow(event);
          }
        },
        finish: () => {
          for (const { listener } of ends) listener.finish?.();
        },
      };
    },
  };
}
