import type { Role } from '../common/frame.ts';
import type { LaneBook } from '../common/lanes.ts';
import type { SentEvent } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import type { Circumstance } from './circumstance.ts';
import type { HandshakeRequest, HandshakeResponse, RiverMessage } from './message.ts';
import { isHandshakeRequest, isHandshakeResponse } from './validate.ts';

/** What is known of a connection's handshake. */
interface ConnectionState {
  /** The session its client asked for last. */
  session: string | undefined;
  /** The client sent something that is a message. */
  understood: boolean;
  undecodable: boolean;
  /** Why the client dialled, where a variation rule turns on it. */
  after: Circumstance | undefined;
}

/** Fills the handshake lanes of a trace. */
export interface HandshakeNormaliser {
  request(client: string, event: SentEvent, message: RiverMessage): void;
  response(client: string, event: SentEvent, message: RiverMessage): void;
  undecodable(connection: number, from: Role): void;
}

/**
 * How often a session's handshake is repeated, and a refusal, depends on timing: a lane keeps each session's first
 * request and first ok response, and refusals in a row with one code once. Session ids become s1, s2, … for each client;
 * expectedSessionState is left to the invariants.
 */
export function normaliseHandshakes(lanes: LaneBook): HandshakeNormaliser {
  const connections = new Map<number, ConnectionState>();
  const sessions = new Map<string, Map<string, string>>();
  const misled = new Set<string>();
  const stateOf = (connection: number): ConnectionState => {
    const state = connections.get(connection) ?? { session: undefined, understood: false, undecodable: false, after: undefined };
    connections.set(connection, state);
    return state;
  };
  const nameOf = (client: string, sessionId: string): string => {
    const names = sessions.get(client) ?? new Map<string, string>();
    sessions.set(client, names);
    const name = names.get(sessionId) ?? `s${names.size + 1}`;
    names.set(sessionId, name);
    return name;
  };
  const isNew = (client: string, sessionId: string): boolean => sessions.get(client)?.has(sessionId) !== true;
  const add = (
    client: string,
    event: SentEvent,
    kind: string,
    message: RiverMessage,
    payload: unknown,
    after: string | undefined,
  ): void => {
    const lane = `${client}/handshake`;
    const item = { kind, value: { ...envelopeOf(message), payload }, ...(after === undefined ? {} : { circumstance: after }) };
    const items = lanes.items(lane, event.from);
    const repeated = items.find((other, i) => other.kind === kind && repeats(payloadIn(other.value), payload, i === items.length - 1));
    if (repeated !== undefined) repeated.events.push(event.n);
    else lanes.addUnlessRepeated(lane, event.from, item, event.n);
  };
  /** A malformed request may still name a session. */
  const named = (payload: unknown, client: string): unknown => {
    const sessionId = isPlainObject(payload) ? payload['sessionId'] : undefined;
    return isPlainObject(payload) && typeof sessionId === 'string' ? { ...payload, sessionId: nameOf(client, sessionId) } : payload;
  };
  return {
    request(client, event, message) {
      const state = stateOf(event.connection);
      state.understood = true;
      const { payload } = message;
      if (!isHandshakeRequest(payload)) return add(client, event, 'handshake-request', message, named(payload, client), undefined);
      state.after = isNew(client, payload.sessionId) && misled.delete(client) ? 'after-foreign-session' : undefined;
      state.session = payload.sessionId;
      add(client, event, 'handshake-request', message, requestBody(payload, nameOf(client, payload.sessionId)), state.after);
    },
    response(client, event, message) {
      const state = stateOf(event.connection);
      const { payload } = message;
      const after = state.undecodable && !state.understood ? 'after-undecodable' : state.after;
      if (!isHandshakeResponse(payload)) return add(client, event, 'handshake-response', message, payload, after);
      if (payload.status.ok && state.session !== undefined && payload.status.sessionId !== state.session) misled.add(client);
      add(client, event, 'handshake-response', message, responseBody(payload, client, nameOf), after);
    },
    undecodable(connection, from) {
      if (from === 'client') stateOf(connection).undecodable = true;
    },
  };
}

function requestBody(payload: HandshakeRequest, session: string): unknown {
  const { expectedSessionState: _judgedByInvariants, ...rest } = payload;
  return { ...rest, sessionId: session };
}

function responseBody(payload: HandshakeResponse, client: string, nameOf: (client: string, sessionId: string) => string): unknown {
  const { status } = payload;
  return status.ok ? { ...payload, status: { ...status, sessionId: nameOf(client, status.sessionId) } } : payload;
}

/** Whether a payload only repeats an earlier one; refusals must follow each other directly (`adjacent`). */
function repeats(earlier: unknown, payload: unknown, adjacent: boolean): boolean {
  if (isHandshakeResponse(earlier) && isHandshakeResponse(payload)) {
    const [a, b] = [earlier.status, payload.status];
    if (a.ok || b.ok) return a.ok && b.ok && a.sessionId === b.sessionId;
    return adjacent && a.code === b.code;
  }
  if (!isPlainObject(earlier) || !isPlainObject(payload) || payload['type'] !== 'HANDSHAKE_REQ') return false;
  return (
    typeof payload['sessionId'] === 'string' &&
    earlier['sessionId'] === payload['sessionId'] &&
    earlier['protocolVersion'] === payload['protocolVersion']
  );
}

function payloadIn(value: unknown): unknown {
  return isPlainObject(value) ? value['payload'] : undefined;
}

function envelopeOf(message: RiverMessage): Record<string, unknown> {
  return {
    flags: message.controlFlags,
    ...(message.serviceName === undefined ? {} : { service: message.serviceName }),
    ...(message.procedureName === undefined ? {} : { procedure: message.procedureName }),
    ...(message.tracing === undefined ? {} : { tracing: true }),
  };
}
