import type { CallFacts } from '../common/normalise.ts';
import { withOwners } from '../common/owners.ts';
import { isSent, type Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
import { waitingCalls } from '../common/waiting-calls.ts';
import type { ConnectMessage } from './message.ts';
import { reference } from './reference.ts';

/** A call and the exchange that carries it. */
export interface BoundCall {
  readonly call: CallFacts;
  readonly connection: number;
  readonly exchange: number;
}

/** Finds the exchange of each call: call name → reference. Calls that are not on the wire (yet) are missing. */
export function bindCalls(trace: Trace<ConnectMessage>, calls: readonly CallFacts[]): ReadonlyMap<string, string> {
  return new Map(bind(trace, calls).map(({ call, connection, exchange }) => [call.call, reference(connection, exchange)]));
}

/**
 * Gives each request to one call: of the same procedure, made before it; the one with the same opening value before others, then one of the
 * client that the connection served so far (clients of one program may share a pool), in order of invocation. What a unary call opens with is in its body, which comes later: so all
 * that one exchange shows is looked at together. Calls that are the same, but one of which was given up, are told apart by how exchanges
 * end.
 */
export function bind(trace: Trace<ConnectMessage>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const invoked = new Map<string, number>();
  const ended = new Map<string, number>();
  const cancelled = new Map<string, number>();
  /** Where the last frame of an answer is, and where a client left a connection. */
  const answered = new Map<string, number>();
  const left = new Set<number>();
  const asked = new Map<string, { n: number; connection: number; exchange: number; procedure: string; value: unknown }>();
  for (const event of trace) {
    if (event.type === 'application' && event.event.kind === 'invoke') invoked.set(event.event.call, event.n);
    if (event.type === 'application' && event.event.kind === 'end') ended.set(event.event.call, event.n);
    if (event.type === 'application' && event.event.kind === 'cancel') cancelled.set(event.event.call, event.n);
    if (event.type === 'closed' && event.by === 'client') left.add(event.connection);
    if (!isSent(event) || !event.decoded?.ok) continue;
    const { message } = event.decoded;
    const key = reference(event.connection, message.exchange);
    if (event.from !== 'client') {
      if (message.last) answered.set(key, event.n);
      continue;
    }
    if (message.type === 'request') {
      const { exchange, procedure, value } = message;
      asked.set(key, { n: event.n, connection: event.connection, exchange, procedure, value });
    } else if (message.type === 'body' || message.type === 'message') {
      const known = asked.get(key);
      if (known !== undefined) known.value ??= message.value;
    }
  }
  return withOwners((owners) => {
    const waiting = waitingCalls(calls);
    const bound: BoundCall[] = [];
    for (const { n, connection, exchange, procedure, value } of asked.values()) {
      const owner = owners.of(connection);
      const fits = (call: CallFacts): boolean => call.procedure === procedure && (invoked.get(call.call) ?? Number.POSITIVE_INFINITY) < n;
      // What tells calls of the same apart is how they ended: one that was given up, or whose client was closed, left its connection without
      // an answer, if it had a request at all.
      const answer = answered.get(reference(connection, exchange));
      const isLeft = answer === undefined && left.has(connection);
      const isUnlike = (each: CallFacts): boolean => {
        if (isLeft) return !cancelled.has(each.call);
        const wasOver = (ended.get(each.call) ?? n) < n;
        return wasOver || (answer !== undefined && (cancelled.get(each.call) ?? answer) < answer);
      };
      const taken = waiting.take({
        fits,
        isSame: (each) => sameValue(each.value ?? {}, value ?? {}),
        isOdd: isUnlike,
        isUnlikely: (each) => owner !== undefined && owner !== each.instance,
      });
      if (taken === undefined) continue;
      const { call } = taken;
      owners.learn(connection, taken);
      bound.push({ call, connection, exchange });
    }
    return bound;
  });
}
