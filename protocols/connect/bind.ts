import type { CallFacts } from '../common/normalise.ts';
import { isSent, type Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
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
 * Gives each request to one call: of the same procedure, made before it, on a connection that belongs to the same client; the one with
 * the same opening value before others, in order of invocation. What a unary call opens with is in its body, which comes later: so all
 * that one exchange shows is looked at together. A call that was over before the request was sent comes after all others.
 */
export function bind(trace: Trace<ConnectMessage>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const invoked = new Map<string, number>();
  const ended = new Map<string, number>();
  const asked = new Map<string, { n: number; connection: number; exchange: number; procedure: string; value: unknown }>();
  for (const event of trace) {
    if (event.type === 'application' && event.event.kind === 'invoke') invoked.set(event.event.call, event.n);
    if (event.type === 'application' && event.event.kind === 'end') ended.set(event.event.call, event.n);
    if (!isSent(event) || event.from !== 'client' || !event.decoded?.ok) continue;
    const { message } = event.decoded;
    const key = reference(event.connection, message.exchange);
    if (message.type === 'request') {
      const { exchange, procedure, value } = message;
      asked.set(key, { n: event.n, connection: event.connection, exchange, procedure, value });
    } else if (message.type === 'body' || message.type === 'message') {
      const known = asked.get(key);
      if (known !== undefined) known.value ??= message.value;
    }
  }
  const waiting = [...calls];
  const isOver = ({ call }: CallFacts, n: number): boolean => (ended.get(call) ?? Number.POSITIVE_INFINITY) < n;
  const owners = new Map<number, string>();
  const bound: BoundCall[] = [];
  for (const { n, connection, exchange, procedure, value } of asked.values()) {
    const owner = owners.get(connection);
    const fits = (call: CallFacts): boolean =>
      call.procedure === procedure && (invoked.get(call.call) ?? -1) < n && (owner === undefined || owner === call.instance);
    // A call that was over by then may never have had a request: its caller gave it up before there was a connection.
    const candidates = waiting.filter(fits).sort((a, b) => Number(isOver(a, n)) - Number(isOver(b, n)));
    const call = candidates.find((candidate) => sameValue(candidate.value ?? {}, value ?? {})) ?? candidates[0];
    if (call === undefined) continue;
    waiting.splice(waiting.indexOf(call), 1);
    owners.set(connection, call.instance);
    bound.push({ call, connection, exchange });
  }
  return bound;
}
