import { joinedValue } from '../../carriers/http/head.ts';
import { freshNames, type Telling } from '../../common/retelling.ts';
import { isSent, type Trace } from '../../common/trace.ts';
import { bind } from '../bind.ts';
import type { ConnectMessage, Request } from '../message.ts';
import { reference } from '../reference.ts';
import type { Value } from '../schema.ts';

/** An exchange of a trace, and how a case knows it. */
export interface Exchange {
  readonly connection: number;
  readonly number: number;
  readonly request: Request;
  /** `n` of its request's head. */
  readonly n: number;
  readonly t: number;
  /** A name of its own: that of the recorded call, or a new one. */
  readonly name: string;
  readonly kind: string | undefined;
  /** What the client that made it is called: one for each deadline that calls were given. */
  readonly handle: string;
  /** Deadline in ms of the trace; undefined: none. */
  readonly timeoutMs: number | undefined;
  /** The first message of the request, where it can be read. */
  readonly first: Value | undefined;
  /** `n` of the last frame of the request and of the answer, where they were sent. */
  readonly asked: number | undefined;
  readonly answered: number | undefined;
}

/** The exchanges of a trace by their references, with the names that its calls have already. */
export function exchangesOf(trace: Trace<ConnectMessage>, { calls, procedureKinds }: Telling): ReadonlyMap<string, Exchange> {
  const bound = new Map(bind(trace, calls).map(({ call, connection, exchange }) => [reference(connection, exchange), call]));
  const fresh = freshNames(calls.map(({ call }) => call));
  const handles = new Map<number | undefined, string>();
  const exchanges = new Map<string, Mutable<Exchange>>();
  for (const event of trace) {
    if (!isSent(event) || !event.decoded?.ok) continue;
    const { message } = event.decoded;
    const key = reference(event.connection, message.exchange);
    if (message.type === 'request') {
      const { procedure, fields } = message;
      const told = Number(joinedValue(fields, 'connect-timeout-ms') ?? Number.NaN);
      const timeoutMs = Number.isSafeInteger(told) && told > 0 ? told : undefined;
      const call = bound.get(key);
      const handle = call?.instance ?? handles.get(timeoutMs) ?? (handles.size === 0 ? 'main' : `client${handles.size + 1}`);
      handles.set(timeoutMs, handle);
      exchanges.set(key, {
        ...{ connection: event.connection, number: message.exchange, request: message, n: event.n, t: event.t, timeoutMs, handle },
        name: call?.call ?? fresh((procedure.split('/').at(-1) ?? '').toLowerCase() || 'call'),
        kind: call?.kind ?? (Object.hasOwn(procedureKinds, procedure) ? procedureKinds[procedure] : undefined),
        first: message.value,
        ...{ asked: undefined, answered: undefined },
      });
    }
    const exchange = exchanges.get(key);
    if (exchange === undefined) continue;
    if (event.from === 'client' && (message.type === 'body' || message.type === 'message')) exchange.first ??= message.value;
    if (message.last && event.from === 'client') exchange.asked ??= event.n;
    else if (message.last) exchange.answered ??= event.n;
  }
  return exchanges;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
