import type { Role } from '../../common/frame.ts';
import type { Automaton, Invariant, InvariantReport, RunFacts } from '../../common/invariant.ts';
import { type Watching as AnyWatching, type Check, checkInto, eventInvariant as invariantOverEvents } from '../../common/judging.ts';
import type { RiverMessage } from '../message.ts';
import type { EndListener } from './end-listener.ts';
import { followEnd } from './follow-end.ts';

/** An automaton's eyes on single events and its last word. */
export type Watching = AnyWatching<RiverMessage>;

/** An invariant of River over plain trace events. */
export function eventInvariant(
  name: string,
  requirements: readonly string[],
  watch: (facts: RunFacts, check: Check) => Watching,
): Invariant<RiverMessage> {
  return invariantOverEvents(`river/${name}`, requirements, watch);
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
export function followTogether(listening: readonly Listening[], facts: RunFacts): Automaton<RiverMessage> {
  const ends = (['client', 'server'] as const).map((role) => {
    const listeners = listening.filter((each) => each.role === role).map(({ listener }) => listener);
    const observers = listeners.flatMap(({ observe }) => observe ?? []);
    return { observers, follow: listeners.length === 0 ? undefined : followEnd(role, facts, toAll(listeners)) };
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
