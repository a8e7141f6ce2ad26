import type { Role } from '../../common/frame.ts';
import type { Automaton, Past, RunFacts } from '../../common/invariant.ts';
import type { Check } from '../../common/judging.ts';
import { type ListeningInvariant, listeningInvariant } from '../../common/listening.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import type { EndListener } from './end-listener.ts';
import { followEnd } from './follow-end.ts';

/** Eyes on single events and a last word. */
export interface Watching {
  observe?(event: TraceEvent<RiverMessage>): void;
  finish?(): void;
  /** Lets go of what only the past needs. Of what sessions and connections are keys to, they let go themselves. */
  forget?(past: Past): void;
}

/** Ears of an invariant: for the sessions of one role, or (undefined) for plain events of all. */
export interface Ears {
  readonly role: Role | undefined;
  readonly listener: EndListener & Watching;
}

/** An invariant of River. */
export type RiverInvariant = ListeningInvariant<RiverMessage, readonly Ears[]>;

/** An invariant of River over plain trace events. */
export function eventInvariant(
  name: string,
  requirements: readonly string[],
  watch: (facts: RunFacts, check: Check) => Watching,
): RiverInvariant {
  return listeningInvariant(followEnds, `river/${name}`, requirements, (check, facts) => [
    { role: undefined, listener: watch(facts, check) },
  ]);
}

/** An invariant over the sessions of each role, followed apart. `listen` is called once a role. */
export function endInvariant(
  name: string,
  requirements: readonly string[],
  roles: readonly Role[],
  listen: (role: Role, facts: RunFacts, check: Check) => EndListener & Watching,
): RiverInvariant {
  return listeningInvariant(followEnds, `river/${name}`, requirements, (check, facts) =>
    roles.map((role) => ({ role, listener: listen(role, facts, check) })),
  );
}

/** Follows the sessions of each role. */
export function followEnds(facts: RunFacts, ears: readonly (readonly Ears[])[]): Automaton<RiverMessage> {
  const all = ears.flat();
  const ends = ([undefined, 'client', 'server'] as const).map((role) => {
    const listeners = all.filter((each) => each.role === role).map(({ listener }) => listener);
    const observers = listeners.flatMap(({ observe }) => observe ?? []);
    const isFollowed = role !== undefined && listeners.length > 0;
    return { observers, follow: isFollowed ? followEnd(role, facts, toAll(listeners)) : undefined };
  });
  return {
    observe: (event) => {
      for (const { observers, follow } of ends) {
        for (const observe of observers) observe(event);
        follow?.observe(event);
      }
    },
    finish: () => {
      for (const { listener } of all) listener.finish?.();
    },
    forget: (past) => {
      for (const { follow } of ends) follow?.forget(past);
      for (const { listener } of all) listener.forget?.(past);
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
