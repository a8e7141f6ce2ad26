import type { ClosedEvent, DeliveredEvent, SentEvent } from '../../common/trace.ts';
import type { HandshakeRequest, HandshakeResponse, RiverMessage } from '../message.ts';
import type { EndSession, Fate } from './end-session.ts';

/** One connection as one end lives it. */
export interface Line {
  readonly connection: number;
  /** The handshake request: as the client sent it, or as it was delivered to the server. */
  request: { readonly message: RiverMessage; readonly payload: HandshakeRequest; readonly n: number } | undefined;
  /** Set while the end takes part in a session here: for the server from its ok, for the client from receiving it. */
  session: EndSession | undefined;
  /** The session was there before this connection. */
  resumed: boolean;
  established: { readonly n: number; readonly t: number } | undefined;
  /** Bounds of the first seq this end may send here, as far as its start shows; undefined where nothing can be said. */
  start: { readonly low: number; readonly high: number } | undefined;
  /** The seq that must follow here; undefined before the first message or after an unreadable one. */
  next: number | undefined;
  /** A newer connection carries the session, or this one ended: the end reads no more here. */
  over: boolean;
  /** This end has sent its close frame: it sends no more here, but may read on until the other end's close. */
  leaving: boolean;
  /** Something was delivered out of order: the end may have given the connection up (RIVER-SEQ-06). */
  gap: boolean;
}

/** A session message that an end sent. `before` is what was known just before it. */
export interface Sending {
  readonly event: SentEvent<RiverMessage>;
  readonly message: RiverMessage;
  readonly line: Line;
  readonly session: EndSession;
  /** Not a retransmission. */
  readonly fresh: boolean;
  /** Bounds of the seq where this is the first message here; undefined for later ones. */
  readonly start: { readonly low: number; readonly high: number } | undefined;
  readonly before: { readonly next: number | undefined; readonly nextSeq: number; readonly lastAck: number };
}

/** A session message delivered to an end on its live connection. */
export interface Receiving {
  readonly event: DeliveredEvent<RiverMessage>;
  readonly message: RiverMessage;
  readonly line: Line;
  readonly session: EndSession;
  readonly fate: Fate;
  /** It is addressed to somebody else: it is counted, but means nothing. */
  readonly astray: boolean;
}

/** The numbers of a client's handshake request and what they may be. */
export interface Claim {
  readonly event: SentEvent<RiverMessage>;
  readonly line: Line;
  readonly session: EndSession;
  readonly request: HandshakeRequest;
  readonly accepted: { readonly low: number; readonly high: number };
  readonly oldest: { readonly low: number; readonly high: number };
}

/** A server's answer to a handshake request, and the session it holds (or held) for that client. */
export interface Decision {
  readonly event: SentEvent<RiverMessage>;
  readonly line: Line;
  readonly request: HandshakeRequest;
  readonly response: HandshakeResponse;
  readonly known: EndSession | undefined;
  /** The session was resumed at 0/0, and nothing has shown yet whether the server had it still or began it anew. */
  readonly undecided: boolean;
  /** The session that is asked for may have been there, long ago. */
  readonly forgotten: boolean;
}

/** What an automaton wants to hear of one end. */
export interface EndListener {
  deciding?(decision: Decision): void;
  claimed?(claim: Claim): void;
  established?(line: Line, session: EndSession): void;
  sending?(sending: Sending): void;
  receiving?(receiving: Receiving): void;
  doomed?(line: Line, session: EndSession): void;
  closed?(line: Line, event: ClosedEvent): void;
}
