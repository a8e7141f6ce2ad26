import type { Payload } from '../frames.ts';

/** Kinds of calls, in the protocol's words. */
export const callKinds = ['request-response', 'fire-and-forget', 'request-stream', 'request-channel', 'metadata-push'] as const;

/** A kind of call. */
export type CallKind = (typeof callKinds)[number];

/** Why a call ended other than by completing. */
export interface Failure {
  /** As `errorName` gives it, or `CLOSED`. */
  readonly code: string;
  readonly text: string;
}

/** Who made a call hears of it here. After `complete` or `failed` nothing follows. */
export interface RequesterSink {
  item(payload: Payload): void;
  complete(): void;
  failed(failure: Failure): void;
}

/** What a handler has of its call. What it says once its side is over is not sent. */
export interface Incoming {
  readonly kind: Exclude<CallKind, 'metadata-push'>;
  readonly route: string | undefined;
  /** Data, and the metadata that the application put beside the route. */
  readonly first: Payload;
  /** Sends an item, as soon as there is credit; the only one of a request-response. */
  item(payload: Payload): void;
  /** Sends the items of a list as credit comes, and then the end. */
  items(list: Iterable<Payload>): void;
  complete(): void;
  fail(code: string | number, text: string): void;
  /** Asks for so many further items of a channel (RSOCKET-CHANNEL-02). */
  request(n: number): void;
  /** Wants no more items of a channel. */
  stopInput(): void;
}

/** What a handler does when something happens to its call. */
export interface Reactions {
  item?(payload: Payload): void;
  inputComplete?(): void;
  /** The other end cancelled, failed, or is gone; nothing follows. */
  ended?(how: 'cancelled' | 'failed' | 'disconnected', failure: Failure | undefined): void;
  /** The call is over, however. */
  closed?(): void;
}

/** Starts a handler. What it throws fails the call with APPLICATION_ERROR (RSOCKET-RR-06). */
export type Handle = (call: Incoming) => Reactions;
