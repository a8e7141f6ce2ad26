import type { CallFacts } from '../common/normalise.ts';
import type { Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
import { kindOf, procedureOf } from './classify.ts';
import type { RiverMessage } from './message.ts';
import { isHandshakeRequest } from './validate.ts';

/** A call and the stream that carries it. */
export interface Binding {
  readonly call: CallFacts;
  /** The id by which the call's client names itself. */
  readonly clientId: string;
  /** As `sessionOfConnection` has it. */
  readonly session: string;
  readonly streamId: string;
}

/** An open message at its first transmission. */
interface Opening {
  readonly n: number;
  readonly session: string;
  readonly message: RiverMessage;
}

/** Where a call stands in the application's own story; -1 and Infinity where the trace does not say. */
interface Span {
  readonly invoked: number;
  readonly ended: number;
}

/** Finds the stream id of each call: call name → stream id. Calls that are not on the wire (yet) are missing. */
export function bindCalls(trace: Trace<RiverMessage>, calls: readonly CallFacts[]): ReadonlyMap<string, string> {
  return new Map(bind(trace, calls, new Map()).map(({ call, streamId }) => [call.call, streamId]));
}

/**
 * Gives each open message that a client sent to one call: of the same client, invoked before it, with the same procedure
 * and the same Init, in order of invocation. A call that had ended without being seen is taken only where no other fits,
 * and another Init (an implementation that alters it) only after that. `clientIds` gives ids of client instances beside
 * those that the calls know.
 */
export function bind(trace: Trace<RiverMessage>, calls: readonly CallFacts[], clientIds: ReadonlyMap<string, string>): Binding[] {
  const spans = spansOf(trace);
  const waiting = new Map<string, CallFacts[]>();
  for (const call of calls) {
    const others = waiting.get(call.procedure);
    if (others === undefined) waiting.set(call.procedure, [call]);
    else others.push(call);
  }
  const learned = new Map<string, string>();
  const idOf = (call: CallFacts): string | undefined => call.clientId ?? clientIds.get(call.client) ?? learned.get(call.client);
  // A lone client that misnames itself is still the one that made the calls.
  const alone = new Set(calls.map((call) => call.client)).size === 1;
  const knownIds = new Set([...clientIds.values(), ...calls.map((call) => call.clientId)]);
  const bindings: Binding[] = [];
  for (const { n, session, message } of openings(trace)) {
    const candidates = waiting.get(procedureOf(message)) ?? [];
    const owners = new Set([...learned].filter(([, id]) => id === message.from).map(([client]) => client));
    const mayBe = (call: CallFacts): boolean => {
      if ((spans.get(call.call)?.invoked ?? -1) > n) return false;
      const id = idOf(call);
      return id === undefined ? owners.size === 0 : id === message.from || (alone && !knownIds.has(message.from));
    };
    const index = best(candidates, (call) => (mayBe(call) ? rank(call, spans.get(call.call), n, message) : undefined));
    const [call] = index === undefined ? [] : candidates.splice(index, 1);
    if (call === undefined) continue;
    if (idOf(call) === undefined) learned.set(call.client, message.from);
    bindings.push({ call, clientId: message.from, session, streamId: message.streamId });
  }
  return bindings;
}

/**
 * The id of the session that a connection carries: the one that the client's first request on it asks for, else a name
 * for the connection itself. Stream ids are of a session; the next may use them again (RIVER-MSG-10).
 */
export function sessionOfConnection(trace: Trace<RiverMessage>): (connection: number) => string {
  const sessions = new Map<number, string>();
  for (const event of trace) {
    if (event.type !== 'sent' || event.from !== 'client' || sessions.has(event.connection) || !event.decoded?.ok) continue;
    const { payload } = event.decoded.message;
    if (isHandshakeRequest(payload)) sessions.set(event.connection, payload.sessionId);
  }
  return (connection) => sessions.get(connection) ?? `connection ${connection}`;
}

/** 0 is a perfect fit. */
function rank(call: CallFacts, span: Span | undefined, n: number, message: RiverMessage): number {
  return (sameValue(call.init, message.payload) ? 0 : 2) + ((span?.ended ?? Infinity) < n ? 1 : 0);
}

function best(calls: readonly CallFacts[], rankOf: (call: CallFacts) => number | undefined): number | undefined {
  let found: { index: number; rank: number } | undefined;
  for (const [index, call] of calls.entries()) {
    const value = rankOf(call);
    if (value === 0) return index;
    if (value !== undefined && (found === undefined || value < found.rank)) found = { index, rank: value };
  }
  return found?.index;
}

function openings(trace: Trace<RiverMessage>): Opening[] {
  const sessionOf = sessionOfConnection(trace);
  const seen = new Set<string>();
  const found: Opening[] = [];
  for (const event of trace) {
    if (event.type !== 'sent' || event.from !== 'client' || !event.decoded?.ok) continue;
    if (kindOf(event.frame, event.decoded) !== 'open') continue;
    const { message } = event.decoded;
    const session = sessionOf(event.connection);
    // A retransmission keeps id and seq; a faulty one keeps at least one of them.
    const keys = [`id ${message.id}`, `seq ${message.seq}`].map((key) => JSON.stringify([message.from, session, message.streamId, key]));
    if (!keys.some((key) => seen.has(key))) found.push({ n: event.n, session, message });
    for (const key of keys) seen.add(key);
  }
  return found;
}

function spansOf(trace: Trace<RiverMessage>): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  for (const event of trace) {
    if (event.type !== 'application') continue;
    if (event.event.kind === 'invoke') spans.set(event.event.call, { invoked: event.n, ended: Infinity });
    if (event.event.kind === 'end') spans.set(event.event.call, { invoked: spans.get(event.event.call)?.invoked ?? -1, ended: event.n });
  }
  return spans;
}
