import type { Role } from '../../common/frame.ts';
import type { HandshakeRequest, RiverMessage } from '../message.ts';

/** What a message as one end first put it on the wire has in common with its retransmissions: all that is kept of it. */
export interface FirstSent {
  readonly message: Pick<RiverMessage, 'id' | 'streamId' | 'controlFlags' | 'payload'>;
  readonly n: number;
}

/**
 * What the wire shows of one end's half of a session. How far an end has read is only known within bounds: at most
 * everything that was delivered to it, at least what its own messages prove.
 */
export interface EndSession {
  readonly role: Role;
  readonly sessionId: string;
  readonly clientId: string;
  /** The id the other end must use as `from`. */
  readonly peerId: string;
  readonly version: string;
  /** Trace event with which the session appeared, and its time in ms. */
  readonly since: { readonly n: number; readonly t: number };
  /** Everything this end sent, by seq, but for what is past: all seqs below `sentBelow` count as sent. */
  readonly sent: Map<number, FirstSent>;
  sentBelow: number;
  /** One more than the highest seq this end was seen to send. */
  nextSeq: number;
  /** Ack of the newest message that is not a retransmission. */
  lastAck: number;
  /** The end has accepted at least / at most this many messages. */
  acceptedLow: number;
  acceptedHigh: number;
  /** By seq of a message that may have been accepted: its ack, and the part of it that messages sent by then explain. */
  readonly acks: Map<number, { high: number; low: number }>;
  /** What `acks` said of seqs below `below`, which are past. */
  readonly pastAcks: { below: number; high: number; low: number };
  /** Its connections are past: nothing is known of it any more. */
  forgotten: boolean;
  /** Set when what this end received no longer tells how it must act; nothing is judged by bounds then. */
  murky: boolean;
  /** An invalid message was delivered where the end may have listened no more. */
  perhapsDead: boolean;
  /** An invalid message was delivered: the end must destroy the session (RIVER-RECON-22, RIVER-SEC-01, RIVER-SEC-02). */
  doom: Doom | undefined;
}

/** Why a session must die. */
export interface Doom {
  readonly n: number;
  readonly t: number;
  readonly connection: number;
  readonly cause: 'foreign from' | 'invalid message';
}

/** Makes a session of which nothing was seen yet. */
export function newSession(
  role: Role,
  ids: { clientId: string; peerId: string },
  request: HandshakeRequest,
  since: { n: number; t: number },
): EndSession {
  return {
    role,
    ...ids,
    sessionId: request.sessionId,
    version: request.protocolVersion,
    since: { n: since.n, t: since.t },
    sent: new Map(),
    sentBelow: 0,
    nextSeq: 0,
    lastAck: 0,
    acceptedLow: 0,
    acceptedHigh: 0,
    acks: new Map(),
    pastAcks: { below: 0, high: 0, low: 0 },
    forgotten: false,
    murky: false,
    perhapsDead: false,
    doom: undefined,
  };
}

/**
 * Bounds of the oldest message this end still holds, given how many messages it has accepted (RIVER-HS-04,
 * RIVER-SEQ-07): below the lower bound everything was acknowledged to it, the upper bound itself cannot have been.
 */
export function oldestUnacknowledged(session: EndSession, accepted: { low: number; high: number }): { low: number; high: number } {
  const { pastAcks } = session;
  let low = accepted.low >= pastAcks.below ? pastAcks.low : 0;
  let high = accepted.high >= pastAcks.below ? pastAcks.high : 0;
  for (const [seq, ack] of session.acks) {
    if (seq < accepted.low) low = Math.max(low, ack.low);
    if (seq < accepted.high) high = Math.max(high, ack.high);
  }
  return { low: Math.min(low, high), high };
}

/** How a delivered message relates to what the end expects. */
export type Fate =
  /** The very next number: accepted as soon as the end reads it. */
  | 'accepted'
  /** Perhaps accepted now, perhaps already before: a retransmission of something that was delivered to a dying connection. */
  | 'repeated'
  /** The very next number, but the end has closed the connection itself: it may read on until the other end's close (RFC 6455), and need not. */
  | 'perhaps'
  | 'duplicate'
  | 'gap';

/** Enters a valid message delivered to the end, which may be `leaving` (see `Line`); tells its fate. */
export function deliver(session: EndSession, message: RiverMessage, leaving: boolean): Fate {
  const { seq } = message;
  if (seq < session.acceptedLow) return 'duplicate';
  if (seq > session.acceptedHigh) return 'gap';
  const before = session.acks.get(seq) ?? { high: 0, low: Number.POSITIVE_INFINITY };
  const low = Math.min(message.ack, session.nextSeq);
  session.acks.set(seq, { high: Math.max(before.high, message.ack), low: Math.min(before.low, low) });
  if (seq < session.acceptedHigh) return 'repeated';
  session.acceptedHigh = seq + 1;
  return leaving ? 'perhaps' : 'accepted';
}

/** Whether a message of that fate may have been accepted by now. */
export function mayBeAccepted(fate: Fate): boolean {
  return fate === 'accepted' || fate === 'repeated' || fate === 'perhaps';
}

/** Takes the client's own word, in a handshake, for how many messages it has accepted. */
export function adoptClaim(session: EndSession, nextExpectedSeq: number): void {
  // What was acknowledged to it so long ago is not known any more.
  if (nextExpectedSeq < session.pastAcks.below) session.murky = true;
  session.acceptedLow = nextExpectedSeq;
  session.acceptedHigh = nextExpectedSeq;
  for (const seq of [...session.acks.keys()]) {
    if (seq >= nextExpectedSeq) session.acks.delete(seq);
  }
}

/** Enters a message the end sent; true where it was not sent before. */
export function enterSent(session: EndSession, message: RiverMessage, n: number): boolean {
  if (isSent(session, message.seq)) return false;
  const { id, streamId, controlFlags, payload } = message;
  session.sent.set(message.seq, { message: { id, streamId, controlFlags, payload }, n });
  session.nextSeq = Math.max(session.nextSeq, message.seq + 1);
  session.lastAck = Math.max(session.lastAck, message.ack);
  session.acceptedLow = Math.max(session.acceptedLow, Math.min(message.ack, session.acceptedHigh));
  return true;
}

/** Whether a message with that seq was sent before. */
export function isSent(session: EndSession, seq: number): boolean {
  return seq < session.sentBelow || session.sent.has(seq);
}

/** Seqs below what was accepted whose acks are told apart still. */
const KEPT_ACKS = 1000;

/** Lets go of messages that were sent before event `before`, and of acks that nothing asks for one by one. */
export function forgetOld(session: EndSession, before: number): void {
  const { sent, acks, pastAcks } = session;
  for (const [seq, { n }] of sent) {
    if (n >= before) break;
    sent.delete(seq);
    session.sentBelow = Math.max(session.sentBelow, seq + 1);
  }
  pastAcks.below = Math.max(pastAcks.below, session.acceptedLow - KEPT_ACKS);
  for (const [seq, ack] of acks) {
    if (seq >= pastAcks.below) continue;
    acks.delete(seq);
    pastAcks.high = Math.max(pastAcks.high, ack.high);
    pastAcks.low = Math.max(pastAcks.low, ack.low);
  }
}
