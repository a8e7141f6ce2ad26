import { endOf, peerOf, type Role } from '../../common/frame.ts';
import type { Automaton, Past, RunFacts } from '../../common/invariant.ts';
import type { Check } from '../../common/judging.ts';
import { type ListeningInvariant, listeningInvariant } from '../../common/listening.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { SwillFrame } from '../frame.ts';
import { reference } from '../reference.ts';

/** Where a frame was seen. */
export interface Where {
  readonly n: number;
  readonly role: Role;
  readonly connection: number;
  /** Which request it belongs to, among all connections. */
  readonly key: string;
}

/** What an invariant hears of a trace: frames that ends sent, and that reached them. */
export interface Ears {
  sent?(frame: SwillFrame, where: Where): void;
  /** `where.role` is whom it reached. */
  received?(frame: SwillFrame, where: Where): void;
  /** An end sent a message that is no frame. */
  broken?(error: string, where: Omit<Where, 'key'>): void;
  any?(event: TraceEvent<SwillFrame>): void;
  finish?(): void;
  /** Lets go of what is past. */
  forget?(past: Past): void;
}

/** A request as one invariant knows it. */
export interface Requested {
  readonly connection: number;
  readonly seq: number | bigint;
  /** The last event of it. */
  n: number;
}

/** Lets go of requests whose connection is over, and of those that are `done` and past. Gives what was let go of of connections that go on. */
export function forgetRequests<T extends Requested>(known: Map<string, T>, past: Past, isDone: (request: T) => boolean): readonly T[] {
  return [...known].flatMap(([key, request]) => {
    const isOver = past.isOver(request.connection);
    if (!isOver && (request.n >= past.before || !isDone(request))) return [];
    known.delete(key);
    return isOver ? [] : [request];
  });
}

/** An invariant of Swill. */
export function frameInvariant(
  name: string,
  requirements: readonly string[],
  listen: (check: Check, facts: RunFacts) => Ears,
): ListeningInvariant<SwillFrame, Ears> {
  return listeningInvariant(followFrames, `swill/${name}`, requirements, listen);
}

/** Tells of each frame which request it belongs to. */
export function followFrames(_facts: RunFacts, all: readonly Ears[]): Automaton<SwillFrame> {
  return {
    observe(event) {
      for (const ears of all) ears.any?.(event);
      if ((event.type !== 'sent' && event.type !== 'delivered') || event.frame.class !== 'data') return;
      const { n, connection, decoded } = event;
      const role = endOf(event.type === 'sent' ? event.from : event.to);
      const sender = event.type === 'sent' ? role : peerOf(role);
      if (!decoded?.ok) {
        if (event.type === 'sent') for (const ears of all) ears.broken?.(decoded?.error ?? 'no frame', { n, role, connection });
        return;
      }
      const { message } = decoded;
      if (message.from !== sender) return;
      const where = { n, role, connection, key: reference(connection, message.seq) };
      if (event.type === 'sent') for (const ears of all) ears.sent?.(message, where);
      else for (const ears of all) ears.received?.(message, where);
    },
    finish() {
      for (const ears of all) ears.finish?.();
    },
    forget(past) {
      for (const ears of all) ears.forget?.(past);
    },
  };
}
