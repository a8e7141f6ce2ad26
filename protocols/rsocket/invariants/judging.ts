import { bodyLength, endOf, peerOf, type Role } from '../../common/frame.ts';
import type { Automaton, Past, RunFacts } from '../../common/invariant.ts';
import type { Check } from '../../common/judging.ts';
import { type ListeningInvariant, listeningInvariant } from '../../common/listening.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../../common/trace.ts';
import type { RSocketFrame } from '../frame.ts';
import { followResent } from '../resent.ts';

/** Where a frame was seen. */
export interface Where {
  readonly n: number;
  /** Ms since the run began. */
  readonly t: number;
  readonly connection: number;
  /** The connection on which its session began. */
  readonly session: number;
  /** Whose frame it is: its sender, or whoever it reached. */
  readonly role: Role;
  /** Bytes, without a length before them. */
  readonly length: number;
  /** Sent again after a resumption, and so judged when it was sent first. */
  readonly resent: boolean;
  readonly event: SentEvent<RSocketFrame> | DeliveredEvent<RSocketFrame>;
}

/** What is past, of sessions too. */
export interface SessionPast extends Past {
  /** Whether the session that began on a connection is over, and cannot be resumed. */
  isSessionOver(session: number): boolean;
}

/** What an invariant hears of a trace. */
export interface Ears {
  sent?(frame: RSocketFrame, where: Where): void;
  received?(frame: RSocketFrame, where: Where): void;
  /** An end sent bytes that are no frame. */
  broken?(error: string, where: Where): void;
  /** Anything else, and everything. */
  any?(event: TraceEvent<RSocketFrame>): void;
  finish?(): void;
  /** Lets go of what only the past needs. */
  forget?(past: SessionPast): void;
}

/** An invariant of RSocket over the frames that ends sent and received. */
export function frameInvariant(
  name: string,
  requirements: readonly string[],
  listen: (check: Check, facts: RunFacts) => Ears,
): ListeningInvariant<RSocketFrame, Ears> {
  return listeningInvariant(followFrames, `rsocket/${name}`, requirements, listen);
}

/** Tells of each frame where it was seen, and in which session. */
export function followFrames(facts: RunFacts, all: readonly Ears[]): Automaton<RSocketFrame> {
  const resent = followResent();
  const { sessions } = resent;
  return {
    observe: (event) => {
      resent.observe(event);
      if (facts.fromTheMiddle && 'connection' in event && sessions.isOfUnknown(event.connection ?? -1)) return;
      for (const ears of all) ears.any?.(event);
      if ((event.type !== 'sent' && event.type !== 'delivered') || event.frame.class !== 'data') return;
      const where: Where = {
        n: event.n,
        t: event.t,
        connection: event.connection,
        session: sessions.first(event.connection),
        role: endOf(event.type === 'sent' ? event.from : event.to),
        length: bodyLength(event.frame),
        resent: resent.isResent(),
        event,
      };
      const { decoded } = event;
      if (decoded?.ok) {
        const { message } = decoded;
        if (event.type === 'sent') for (const ears of all) ears.sent?.(message, where);
        else for (const ears of all) ears.received?.(message, where);
      } else if (event.type === 'sent') for (const ears of all) ears.broken?.(decoded?.error ?? 'no frame', where);
    },
    finish: () => {
      for (const ears of all) ears.finish?.();
    },
    forget: (past) => {
      const ofSessions: SessionPast = { ...past, isSessionOver: (session) => sessions.isOver(session, past) };
      for (const ears of all) ears.forget?.(ofSessions);
      resent.forget(past);
    },
  };
}

/** One value for each role. */
export interface ByRole<T> {
  readonly client: T;
  readonly server: T;
}

/** The value of the other role. */
export function otherOf<T>(values: ByRole<T>, role: Role): T {
  return values[peerOf(role)];
}

/** Values by key, made at their first use. */
export class Table<T> {
  readonly #values = new Map<string, T>();
  readonly #make: () => T;

  constructor(make: () => T) {
    this.#make = make;
  }

  at(...key: readonly (string | number)[]): T {
    const text = key.join(' ');
    const found = this.#values.get(text);
    if (found !== undefined) return found;
    const made = this.#make();
    this.#values.set(text, made);
    return made;
  }

  find(...key: readonly (string | number)[]): T | undefined {
    return this.#values.get(key.join(' '));
  }

  /** Lets go of the values for which that holds; `first` is the first part of their key. */
  drop(isPast: (value: T, first: number) => boolean): void {
    for (const [key, value] of this.#values) if (isPast(value, Number.parseInt(key, 10))) this.#values.delete(key);
  }

  all(): readonly T[] {
    return [...this.#values.values()];
  }
}
