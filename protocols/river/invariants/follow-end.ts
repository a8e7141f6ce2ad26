import type { Role } from '../../common/frame.ts';
import type { Past, RunFacts } from '../../common/invariant.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../../common/trace.ts';
import type { HandshakeRequest, HandshakeResponse, RiverMessage } from '../message.ts';
import { isHandshakeRequest, isHandshakeResponse } from '../validate.ts';
import type { EndListener, Line, Receiving } from './end-listener.ts';
import { adoptClaim, deliver, type EndSession, enterSent, forgetOld, isSent, newSession, oldestUnacknowledged } from './end-session.ts';

/** An end that is followed. */
export interface Following {
  observe(event: TraceEvent<RiverMessage>): void;
  /** Lets go of connections and sessions that are past. What they were is not known any more where they come up again. */
  forget(past: Past): void;
}

/**
 * Follows one end through a trace by what it sent and what was delivered to it, never by what the other end meant.
 * Give every event of the trace to `observe`.
 */
export function followEnd(
  role: Role,
  { serverId, fromTheMiddle, timers }: Pick<RunFacts, 'serverId' | 'fromTheMiddle' | 'timers'>,
  listener: EndListener,
): Following {
  const lines = new Map<number, Line>();
  /** Client: by client id and session id. Server: by client id, as it holds one session a client. */
  const sessions = new Map<string, EndSession>();
  const early = new Set<Line>();
  /** Sessions were forgotten, or were never seen: one that is resumed may be one of them. */
  let forgot = fromTheMiddle === true;
  /** On a 0/0 resume the server may have lost the session: its other self, and what that one received so far. */
  const alternatives = new Map<Line, { session: EndSession; received: Receiving[]; doomed: boolean }>();

  /** When the trace begins, ms. */
  let beginning: number | undefined;

  /**
   * Whether a session of which nothing is known may have been there before. One that says 0/0 was lost before anything of it was
   * acknowledged; where that was before the trace it comes back within its grace period.
   */
  const isPerhapsOld = (payload: HandshakeRequest, t: number): boolean =>
    forgot && (isResumed(payload) || (fromTheMiddle === true && t - (beginning ?? t) <= (timers['sessionDisconnectGraceMs'] ?? 0)));

  const lineOf = (connection: number): Line => {
    let line = lines.get(connection);
    if (line === undefined) {
      line = { connection, request: undefined, session: undefined, resumed: false, ...unsettled() };
      lines.set(connection, line);
    }
    return line;
  };

  const settle = (line: Line, session: EndSession, at: { n: number; t: number }, start: Line['start']): void => {
    for (const other of lines.values()) {
      if (other !== line && other.session === session) other.over = true;
    }
    line.session = session;
    line.established = { n: at.n, t: at.t };
    line.start = start;
    if (early.has(line)) session.murky = true;
    listener.established?.(line, session);
  };

  const claim = (line: Line, event: SentEvent<RiverMessage>, message: RiverMessage, payload: HandshakeRequest): void => {
    line.request = { message, payload, n: event.n };
    const key = JSON.stringify([message.from, payload.sessionId]);
    const known = sessions.get(key);
    const session = known ?? newSession(role, { clientId: message.from, peerId: message.to }, payload, event);
    sessions.set(key, session);
    const isOld = known === undefined && isPerhapsOld(payload, event.t);
    if (isOld) session.murky = true;
    line.resumed = known !== undefined || isOld;
    for (const other of lines.values()) {
      const same = other.request?.message.from === message.from && other.request.payload.sessionId === payload.sessionId;
      if (other !== line && same) other.over = true;
    }
    session.doom = undefined;
    const { nextExpectedSeq } = payload.expectedSessionState;
    const accepted = { low: session.acceptedLow, high: session.acceptedHigh };
    const exact = { low: nextExpectedSeq, high: nextExpectedSeq };
    listener.claimed?.({ event, line, session, request: payload, accepted, oldest: oldestUnacknowledged(session, exact) });
    adoptClaim(session, nextExpectedSeq);
  };

  /** The client hears the answer to its request. */
  const answered = (line: Line, event: DeliveredEvent<RiverMessage>, message: RiverMessage): void => {
    const request = line.request;
    if (request === undefined || !isHandshakeResponse(message.payload) || !message.payload.status.ok) return;
    const { sessionId } = message.payload.status;
    const own = sessions.get(JSON.stringify([request.message.from, request.payload.sessionId]));
    if (own === undefined) return;
    if (line.leaving) {
      // It has given this connection up, and may all the same read what the server sends behind its ok.
      if (sessionId === own.sessionId) line.session = own;
    } else if (sessionId === own.sessionId) {
      const { nextSentSeq } = request.payload.expectedSessionState;
      if (message.from !== own.peerId) own.murky = true;
      settle(line, own, event, { low: nextSentSeq, high: nextSentSeq });
    } else {
      // RIVER-HS-24 is disputed: the client may carry on here with a new session of that name.
      const ids = { clientId: own.clientId, peerId: own.peerId };
      line.resumed = false;
      settle(line, newSession(role, ids, { ...request.payload, sessionId }, event), event, { low: 0, high: 0 });
    }
  };

  /** The server answers a request. */
  const answers = (line: Line, event: SentEvent<RiverMessage>, response: HandshakeResponse): void => {
    const request = line.request;
    if (request === undefined) return;
    const clientId = request.message.from;
    const before = sessions.get(clientId);
    const undecided = [...alternatives.keys()].some(({ session }) => session === before);
    const forgotten = before?.sessionId !== request.payload.sessionId && isPerhapsOld(request.payload, event.t);
    listener.deciding?.({ event, line, request: request.payload, response, known: before, undecided, forgotten });
    if (!response.status.ok) return;
    const ids = { clientId, peerId: clientId };
    const { nextExpectedSeq, nextSentSeq } = request.payload.expectedSessionState;
    const known = sessions.get(clientId);
    if (known === undefined || known.sessionId !== request.payload.sessionId) {
      const session = newSession(role, ids, request.payload, event);
      session.murky = forgotten;
      line.resumed = forgotten;
      sessions.set(clientId, session);
      settle(line, session, event, { low: 0, high: 0 });
      return;
    }
    line.resumed = true;
    const doomed = known.doom !== undefined;
    known.doom = undefined;
    known.acceptedLow = Math.max(known.acceptedLow, Math.min(nextSentSeq, known.acceptedHigh));
    if (nextExpectedSeq === 0 && nextSentSeq === 0) {
      alternatives.set(line, { session: newSession(role, ids, request.payload, event), received: [], doomed });
    }
    settle(line, known, event, oldestUnacknowledged(known, { low: known.acceptedLow, high: known.acceptedHigh }));
  };

  /** Which of its two selves the server is shows in its first message: a lost session starts again at 0 with a new message. */
  const decide = (line: Line, message: RiverMessage): void => {
    const other = alternatives.get(line);
    if (other === undefined || line.session === undefined) return;
    alternatives.delete(line);
    if (message.seq !== 0) return;
    const earlier = line.session.sent.get(0);
    if (line.session.sentBelow > 0) line.session.murky = true;
    // Where nothing was sent before, both selves begin alike: one that had to be destroyed has begun anew.
    if (earlier === undefined && !other.doomed) {
      line.session.murky ||= line.session.perhapsDead;
      return;
    }
    if (earlier?.message.id === message.id) return;
    sessions.set(other.session.clientId, other.session);
    if (early.has(line)) other.session.murky = true;
    line.session = other.session;
    line.resumed = false;
    line.start = { low: 0, high: 0 };
    listener.established?.(line, other.session);
    for (const receiving of other.received) listener.receiving?.(receiving);
  };

  const send = (line: Line, event: SentEvent<RiverMessage>, message: RiverMessage): void => {
    decide(line, message);
    const session = line.session;
    if (session === undefined) return;
    const before = { next: line.next, nextSeq: session.nextSeq, lastAck: session.lastAck };
    const start = line.start === undefined ? undefined : widen(line, session, line.start);
    // Judged before it is entered, so that listeners see the session as it was.
    const fresh = !isSent(session, message.seq);
    listener.sending?.({ event, message, line, session, fresh, start, before });
    enterSent(session, message, event.n);
    line.next = message.seq + 1;
    line.start = undefined;
  };

  const receive = (line: Line, event: DeliveredEvent<RiverMessage>): void => {
    const { session } = line;
    if (session === undefined || line.over || session.doom !== undefined || event.decoded === undefined) return;
    const { decoded } = event;
    // A tolerant receiver may have read it (notes, section 21).
    if (!decoded.ok && decoded.custom !== undefined) session.murky = true;
    else if (!decoded.ok || decoded.message.from !== session.peerId) {
      // Where it may have listened no more, it may also have heard it.
      if (line.gap || line.leaving) {
        session.perhapsDead = true;
        return;
      }
      const cause = decoded.ok ? 'foreign from' : 'invalid message';
      session.doom = { n: event.n, t: event.t, connection: line.connection, cause };
      listener.doomed?.(line, session);
    } else {
      const { message } = decoded;
      // Whether a handshake message on a live session counts is left open by the specification.
      if (isHandshakeRequest(message.payload) || isHandshakeResponse(message.payload)) session.murky = true;
      const self = role === 'client' ? session.clientId : serverId;
      const astray = self !== undefined && message.to !== self;
      const other = alternatives.get(line);
      const fate = deliver(session, message, line.leaving);
      if (fate === 'gap') line.gap = true;
      if (other !== undefined) {
        const otherFate = deliver(other.session, message, line.leaving);
        other.received.push({ event, message, line, session: other.session, fate: otherFate, astray });
      }
      listener.receiving?.({ event, message, line, session, fate, astray });
    }
  };

  const observe = (event: TraceEvent<RiverMessage>): void => {
    beginning ??= event.t;
    if (event.type === 'closed') {
      const line = lineOf(event.connection);
      listener.closed?.(line, event);
      // A stalled connection may be given up by either end long before the other hears of it: what comes when it goes on may still be read.
      if (event.by === 'proxy' || (event.by === role && event.how === 'rst')) line.over = true;
      else line.leaving = true;
    } else if (event.type === 'sent' && event.from === role && event.frame.class === 'closing') {
      lineOf(event.connection).leaving = true;
    } else if (event.type === 'sent' && event.from === role && event.decoded !== undefined) {
      const line = lineOf(event.connection);
      const message = event.decoded.ok ? event.decoded.message : undefined;
      if (line.session !== undefined) {
        if (message !== undefined) send(line, event, message);
        else {
          line.next = undefined;
          line.start = undefined;
        }
      } else if (message === undefined) return;
      else if (role === 'client' && line.request === undefined && isHandshakeRequest(message.payload)) {
        claim(line, event, message, message.payload);
      } else if (role === 'server' && isHandshakeResponse(message.payload)) answers(line, event, message.payload);
    } else if (event.type === 'delivered' && event.to === role && event.decoded !== undefined) {
      const line = lineOf(event.connection);
      const message = event.decoded.ok ? event.decoded.message : undefined;
      if (line.session !== undefined) receive(line, event);
      else if (role === 'client') {
        if (message !== undefined && !line.over) answered(line, event, message);
      } else if (line.request !== undefined) early.add(line);
      else if (message !== undefined && isHandshakeRequest(message.payload)) {
        line.request = { message, payload: message.payload, n: event.n };
      }
    }
  };

  const forget = ({ before, isOver }: Past): void => {
    for (const [connection, line] of lines) {
      if (!isOver(connection)) continue;
      lines.delete(connection);
      early.delete(line);
      alternatives.delete(line);
    }
    const kept = new Set([...lines.values()].map(({ session }) => session));
    for (const [key, session] of sessions) {
      if (kept.has(session) || session.since.n >= before || isAskedFor(session)) forgetOld(session, before);
      else {
        sessions.delete(key);
        session.forgotten = true;
        forgot = true;
      }
    }
  };

  /** A connection is there that asked for it, and waits for the answer. */
  const isAskedFor = (session: EndSession): boolean =>
    [...lines.values()].some(
      ({ request }) => request?.message.from === session.clientId && request.payload.sessionId === session.sessionId,
    );

  return { observe, forget };
}

/** Whether a handshake asks for a session that was there before. */
function isResumed({ expectedSessionState: { nextExpectedSeq, nextSentSeq } }: HandshakeRequest): boolean {
  return nextExpectedSeq !== 0 || nextSentSeq !== 0;
}

/**
 * A server may use what it learned after its ok: acks of the client's first messages, and the client's own word for what
 * it has received.
 */
function widen(line: Line, session: EndSession, start: { low: number; high: number }): { low: number; high: number } {
  if (session.role === 'client') return start;
  const learned = oldestUnacknowledged(session, { low: 0, high: session.acceptedHigh }).high;
  const claimed = line.request?.payload.expectedSessionState.nextExpectedSeq ?? 0;
  return { low: start.low, high: Math.max(start.high, learned, Math.min(claimed, session.nextSeq)) };
}

function unsettled(): Pick<Line, 'established' | 'start' | 'next' | 'over' | 'leaving' | 'gap'> {
  return { established: undefined, start: undefined, next: undefined, over: false, leaving: false, gap: false };
}
