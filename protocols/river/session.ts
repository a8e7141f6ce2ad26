import { Fifo } from '../common/fifo.ts';
import { MOST_KEPT_BYTES, MOST_PIECES } from '../common/limits.ts';
import type { ExpectedSessionState, RiverMessage, Tracing } from './message.ts';

/** A message that was sent or queued and is not acknowledged yet, as bytes: encoded when created, never again (RIVER-SEQ-11). */
export interface SentMessage {
  readonly seq: number;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** One end's books of one session (notes, section 7). Both peers keep the same; nothing in it knows of connections. */
export interface SessionState {
  readonly sessionId: string;
  /** This end's id, the `from` of what it sends. */
  readonly self: string;
  /** The other end's id, the only `from` it accepts. */
  readonly peer: string;
  /** Number of the next message this end makes. */
  seq: number;
  /** Number of the next message it expects; equals the count of messages accepted so far. */
  ack: number;
  /** Sent or queued, not acknowledged; ascending by seq. */
  readonly buffer: Fifo<SentMessage>;
  /** Bytes of all of them. */
  bufferedBytes: number;
  /** What goes out as `ack` instead of the truth, while a script froze it. */
  frozenAck: number | undefined;
  /** Number and id of the last message this end made, for scripts that repeat it. */
  last: { readonly seq: number; readonly id: string } | undefined;
}

/** What a message says beside the fields that the session fills in. */
export interface MessageParts {
  readonly streamId: string;
  readonly controlFlags: number;
  readonly payload: unknown;
  readonly serviceName?: string;
  readonly procedureName?: string;
  readonly tracing?: Tracing;
}

/** What making a message needs from outside. */
export interface Stationery {
  newId(): string;
  /** Throws where the codec cannot carry the message. */
  encode(message: Readonly<Record<string, unknown>>): Uint8Array;
}

/** Fresh books: 0/0 in both directions (RIVER-SEQ-13). */
export function newSession(sessionId: string, self: string, peer: string): SessionState {
  return { sessionId, self, peer, seq: 0, ack: 0, buffer: new Fifo(), bufferedBytes: 0, frozenAck: undefined, last: undefined };
}

/** The ack that goes out now (RIVER-SEQ-02), or the frozen one. */
export function outgoingAck(session: SessionState): number {
  return session.frozenAck ?? session.ack;
}

/**
 * Makes the session's next message: gives it id, seq and ack, encodes it and puts it into the buffer (RIVER-SEQ-01).
 * The caller writes `bytes` if it is connected. Throws what `encode` throws, and an Error where the other end acknowledges nothing and
 * too much waits already; the books are then unchanged.
 */
export function createMessage(
  session: SessionState,
  parts: MessageParts,
  stationery: Stationery,
): { readonly message: RiverMessage; readonly bytes: Uint8Array } {
  if (session.buffer.length >= MOST_PIECES || session.bufferedBytes > MOST_KEPT_BYTES) {
    throw new Error(`${session.buffer.length} messages of ${session.bufferedBytes} bytes wait to be acknowledged; no more are kept`);
  }
  const message: RiverMessage = {
    id: stationery.newId(),
    from: session.self,
    to: session.peer,
    seq: session.seq,
    ack: outgoingAck(session),
    ...parts,
  };
  const bytes = stationery.encode({ ...message });
  recordSent(session, { seq: message.seq, id: message.id, bytes });
  return { message, bytes };
}

/** Enters a message that used up the next number: advances `seq`, buffers it. */
export function recordSent(session: SessionState, sent: SentMessage): void {
  session.seq += 1;
  session.buffer.push(sent);
  session.bufferedBytes += sent.bytes.length;
  session.last = { seq: sent.seq, id: sent.id };
}

/**
 * What to do with a message that arrived (RIVER-SEQ-03 to -06, RIVER-SEC-01, -02): `accept` it (the books are already
 * advanced), drop it as a `duplicate`, close the connection and keep the session because of a `gap`, or destroy the
 * session because the sender is `foreign`.
 */
export type Reception = 'accept' | 'duplicate' | 'gap' | 'foreign';

/** Judges an arriving message and, where it is accepted, advances the books. `gaps: 'take'` accepts too high numbers too (scripts only). */
export function receiveMessage(
  session: SessionState,
  message: Pick<RiverMessage, 'from' | 'seq' | 'ack'>,
  gaps: 'refuse' | 'take' = 'refuse',
): Reception {
  if (message.from !== session.peer) return 'foreign';
  if (message.seq < session.ack) return 'duplicate';
  if (message.seq > session.ack && gaps === 'refuse') return 'gap';
  acknowledge(session, message.ack);
  session.ack = message.seq + 1;
  return 'accept';
}

/** Forgets the buffered messages below `ack`, and no others (RIVER-SEQ-07, -09). */
export function acknowledge(session: SessionState, ack: number): void {
  for (let oldest = session.buffer.first; oldest !== undefined && oldest.seq < ack; oldest = session.buffer.first) {
    session.buffer.shift();
    session.bufferedBytes -= oldest.bytes.length;
  }
}

/** What a resume must send again, in order (RIVER-RECON-02, -03). */
export function unacknowledged(session: SessionState): readonly SentMessage[] {
  return [...session.buffer];
}

/** Number of the oldest unacknowledged message, or of the next one where all are acknowledged. */
export function nextSentSeq(session: SessionState): number {
  return session.buffer.first?.seq ?? session.seq;
}

/** What a client's handshake request says of its session (RIVER-HS-04). */
export function expectedState(session: SessionState): ExpectedSessionState {
  return { nextExpectedSeq: session.ack, nextSentSeq: nextSentSeq(session) };
}
