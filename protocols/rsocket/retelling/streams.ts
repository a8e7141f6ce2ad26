import { endOf, type Role } from '../../common/frame.ts';
import { freshNames, nextClient, type Telling } from '../../common/retelling.ts';
import type { Trace } from '../../common/trace.ts';
import { sameValue } from '../../common/value.ts';
import { bind } from '../bind.ts';
import { FLAG, has, isRequest, type RSocketFrame } from '../frame.ts';
import type { Payload } from '../frames.ts';
import { readRequestMetadata } from '../metadata.ts';
import { reference } from '../reference.ts';
import { followResent } from '../resent.ts';
import { wholeRequests } from '../whole-requests.ts';

/** A stream of a trace, and how a case knows it. */
export interface Stream {
  readonly opener: Role;
  readonly streamId: number;
  /** `n` of its request. */
  readonly n: number;
  readonly request: RSocketFrame['type'];
  readonly procedure: string | undefined;
  /** What its request says, put together where it came in fragments. */
  readonly payload: Payload;
  /** A name of its own: that of the recorded call, or a new one. */
  readonly name: string;
  /** Whether an application asked for it, and not the handler of another call. */
  readonly invoked: boolean;
  /** Whether its id is the one that a conforming opener takes next. */
  readonly inTurn: boolean;
}

/** Sessions and streams of a trace. */
export interface Streams {
  /** The connection on which the session of a connection began. */
  session(connection: number): number;
  /** What a case calls the client of a session: the first is `main`. */
  handle(session: number): string;
  /** The stream of a frame, from its request on. */
  find(connection: number, streamId: number): Stream | undefined;
  readonly all: readonly Stream[];
}

/** Reads the sessions and streams of a trace, with the names that its calls have already. */
export function streamsOf(trace: Trace<RSocketFrame>, { calls }: Telling): Streams {
  const bound = bind(trace, calls);
  const names = new Map(bound.map(({ call, connection, streamId }) => [reference(connection, streamId), call.call]));
  const handles = new Map(bound.flatMap(({ call, connection }) => (call.role === 'client' ? [[connection, call.instance]] : [])));
  const fresh = freshNames(names.values());
  const resent = followResent();
  const { sessions } = resent;
  const whole = wholeRequests(trace);
  const firstOf = new Map<number, number>();
  const next = new Map<string, number>();
  const streams = new Map<string, Stream>();
  /** Requests of clients that wait for an answer, by the references of their streams. */
  const open = new Map<string, Payload>();
  const taken = new Set(handles.values());
  const handle = (session: number): string => {
    const known = handles.get(session);
    if (known !== undefined) return known;
    const made = nextClient(taken);
    taken.add(made);
    handles.set(session, made);
    return made;
  };
  for (const event of trace) {
    resent.observe(event);
    if (event.type === 'opened' || event.type === 'sent') firstOf.set(event.connection, sessions.first(event.connection));
    if (event.type !== 'sent' || !event.decoded?.ok || resent.isResent()) continue;
    const { message: frame } = event.decoded;
    const session = sessions.first(event.connection);
    const key = reference(session, frame.streamId);
    const known = streams.get(key);
    if (known !== undefined && endsCall(frame, endOf(event.from), known)) open.delete(key);
    if (!isRequest(frame) || known !== undefined) continue;
    const opener = endOf(event.from);
    const turn = `${session} ${opener}`;
    const expected = next.get(turn) ?? (opener === 'client' ? 1 : 2);
    next.set(turn, Math.max(expected, frame.streamId + 2));
    const payload = whole.get(event.n) ?? { data: frame.data, metadata: frame.metadata };
    const procedure = readRequestMetadata(payload.metadata).route;
    const name = names.get(key) ?? fresh(procedure ?? 'call');
    streams.set(key, {
      ...{ opener, streamId: frame.streamId, n: event.n, request: frame.type, procedure, payload, name },
      inTurn: frame.streamId === expected,
      invoked: opener === 'client' || names.has(key) || ![...open.values()].some((asked) => passesOn(payload, asked)),
    });
    if (opener === 'client' && frame.type !== 'REQUEST_FNF') open.set(key, payload);
  }
  for (const session of new Set(firstOf.values())) handle(session);
  const session = (connection: number): number => firstOf.get(connection) ?? connection;
  return { session, handle, find: (connection, id) => streams.get(reference(session(connection), id)), all: [...streams.values()] };
}

/** Whether a frame ends a call of a client: what answers it ends it, or it is given up. */
function endsCall(frame: RSocketFrame, from: Role, { request }: Stream): boolean {
  if (frame.type === 'ERROR') return true;
  if (from === 'client') return frame.type === 'CANCEL';
  return frame.type === 'PAYLOAD' && (has(frame, FLAG.COMPLETE) || (request === 'REQUEST_RESPONSE' && has(frame, FLAG.NEXT)));
}

/** Whether a request says what another one says that is open: a handler made it, to answer with what comes of it. */
function passesOn(payload: Payload, asked: Payload): boolean {
  const [own, given] = [payload, asked].map(({ metadata }) => readRequestMetadata(metadata).own);
  return sameValue(new Uint8Array(payload.data), new Uint8Array(asked.data)) && sameValue(own, given);
}
