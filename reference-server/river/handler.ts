import type { RiverError } from '../../protocols/river/message.ts';

/** What a handler has of its call. Whatever it sends once its side is closed or the call is over is ignored. */
export interface Call {
  /** Matches the procedure's schema. */
  readonly init: unknown;
  /** Handshake metadata stored for the session now (RIVER-REHS-04); undefined without metadata validation. */
  metadata(): unknown;
  /** Sends an ok Result; for rpc and upload it is the answer and closes the response side. */
  respond(value: unknown): void;
  /** Sends an error that the procedure declares; closes like `respond`. */
  fail(error: RiverError): void;
  /** Closes the response side of a stream or subscription. */
  close(): void;
  /** Abandons the call (RIVER-CANCEL-06). */
  cancel(message?: string): void;
}

/** What a handler does when something happens to its call. Raising anywhere is an uncaught error (RIVER-ERR-14). */
export interface Reactions {
  /** A request that matches the procedure's schema. */
  request?(value: unknown): void;
  /** The client closed its side. */
  requestsClosed?(): void;
  /** The call was cancelled or its session died; nothing follows. */
  ended?(): void;
}

/** State that the handlers of one server share. */
export interface ServerState {
  counter: number;
  readonly log: number[];
  subscribable: number;
  readonly subscribers: Set<(value: number) => void>;
}

/** Starts a run of a procedure. */
export type Handler = (call: Call, state: ServerState) => Reactions;

/** Fresh state, as each `serve` begins with. */
export function freshState(): ServerState {
  return { counter: 0, log: [], subscribable: 0, subscribers: new Set() };
}
