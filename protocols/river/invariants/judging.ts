import type { Role } from '../../common/frame.ts';
import type { Automaton, Invariant, InvariantReport, Past, RunFacts } from '../../common/invariant.ts';
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
  /** Lets go of what only the past needs. Of what sessions and connections are keys to, they let go themselves. */
  forget?(past: Past): void;
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
      return {
        observe: (event) => watching.observe?.(event),
        finish: () => watching.finish?.(),
        forget: (past) => watching.forget?.(past),
      };
    },
  };
}

/** One listener to the sessions of one role. */
export interface Listening {
  readonly role: Role;
  readonly listener: EndListener & Watching;
}

/** An invariant over sessions, which can share with others the following of them. */
export interface EndInvariant extends Invariant<RiverMessage> {
  /** Its listeners, one for each role it judges. */
  listen(facts: RunFacts, report: InvariantReport): readonly Listening[];
}

/** An invariant over the sessions of each role, followed apart. `listen` is called once a role. */
export function endInvariant(
  name: string,
  requirements: readonly string[],
  roles: readonly Role[],
  listen: (role: Role, facts: RunFacts, check: Check) => EndListener & Watching,
): EndInvariant {
  const listenAll: EndInvariant['listen'] = (facts, report) =>
    roles.map((role) => ({ role, listener: listen(role, facts, checkInto(report)) }));
  return {
    name: `river/${name}`,
    requirements,
    listen: listenAll,
    start: (facts, report) => followTogether(listenAll(facts, report), facts),
  };
}

/** Follows the sessions of each role once for all listeners. */
export function followTogether(listening: readonly Listening[], { serverId }: RunFacts): Automaton<RiverMessage> {
  const ends = (['client', 'server'] as const).map((role) => {
    const listeners = listening.filter((each) => each.role === role).map(({ listener }) => listener);
    const observers = listeners.flatMap(({ observe }) => observe ?? []);
    return { observers, follow: listeners.length === 0 ? undefined : followEnd(role, serverId, toAll(listeners)) };
  });
  return {
    observe: (event) => {
      for (const { observers, follow } of ends) {
        for (const observe of observers) observe(event);
        follow?.observe(event);
      }
    },
    finish: () => {
      for (const { listener } of listening) listener.finish?.();
    },
    forget: (past) => {
      for (const { follow } of ends) follow?.forget(past);
      for (const { listener } of listening) listener.forget?.(past);
    },
  };
}

function toAll(listeners: readonly EndListener[]): Required<EndListener> {
  const deciding = listeners.flatMap((each) => each.deciding ?? []);
  const claimed = listeners.flatMap((each) => each.claimed ?? []);
  const established = listeners.flatMap((each) => each.established ?? []);
  const sending = listeners.flatMap((each) => each.sending ?? []);
  const receiving = listeners.flatMap((each) => each.receiving ?? []);
  const doomed = listeners.flatMap((each) => each.doomed ?? []);
  const closed = listeners.flatMap((each) => each.closed ?? []);
  return {
    deciding: (decision) => {
      for (const hear of deciding) hear(decision);
    },
    claimed: (claim) => {
      for (const hear of claimed) hear(claim);
    },
    established: (line, session) => {
      for (const hear of established) hear(line, session);
    },
    sending: (message) => {
      for (const hear of sending) hear(message);
    },
    receiving: (message) => {
      for (const hear of receiving) hear(message);
    },
    doomed: (line, session) => {
      for (const hear of doomed) hear(line, session);
    },
    closed: (line, event) => {
      for (const hear of closed) hear(line, event);
    },
  };
}
