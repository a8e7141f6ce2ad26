import type { AppResult } from '../../protocols/common/trace.ts';
import {
  CANCEL,
  CLOSED,
  OPEN,
  type ProcedureKind,
  type Result,
  type RiverError,
  type RiverMessage,
  type Tracing,
  UNEXPECTED_DISCONNECT,
} from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import { isCloseControl, isProtocolError, isResult } from '../../protocols/river/validate.ts';

/** Where a call's results go. */
export interface CallSink {
  message(result: AppResult): void;
  end(): void;
}

/** What an open message says. */
export interface Opening {
  readonly serviceName: string;
  readonly procedureName: string;
  readonly init: unknown;
  readonly tracing: Tracing | undefined;
}

/** One invocation: two directions, each closed by its writer (notes, section 12). `send` puts a message on the call's session, as long as that lives. */
export class Call {
  readonly streamId: string;
  readonly #kind: ProcedureKind;
  readonly #sink: CallSink;
  readonly #send: (parts: MessageParts) => void;
  #requests: 'open' | 'closed';
  #responses: 'open' | 'closed' = 'open';
  /** The one result of an rpc or upload, until the closed bit confirms it. */
  #result: Result | undefined;

  constructor(streamId: string, kind: ProcedureKind, sink: CallSink, send: (parts: MessageParts) => void) {
    this.streamId = streamId;
    this.#kind = kind;
    this.#sink = sink;
    this.#send = send;
    this.#requests = kind === 'stream' || kind === 'upload' ? 'open' : 'closed';
  }

  /** True when both directions are closed: nothing more is sent, and what arrives is not for it (RIVER-STREAM-04). */
  get isOver(): boolean {
    return this.#requests === 'closed' && this.#responses === 'closed';
  }

  /** Sends the open message; rpc and subscription close their request side with it (RIVER-STREAM-RPC-01, -SUB-01). */
  open(opening: Opening): void {
    this.#send({
      streamId: this.streamId,
      controlFlags: this.#requests === 'open' ? OPEN : OPEN | CLOSED,
      serviceName: opening.serviceName,
      procedureName: opening.procedureName,
      ...(opening.tracing === undefined ? {} : { tracing: opening.tracing }),
      payload: opening.init,
    });
  }

  /** Sends a request; nothing once the request side is closed (RIVER-STREAM-02, RIVER-RECON-25). Throws an Error for kinds without requests. */
  write(request: unknown): void {
    if (this.#kind !== 'stream' && this.#kind !== 'upload') throw new Error(`a ${this.#kind} takes no requests`);
    if (this.#requests === 'open') this.#send({ streamId: this.streamId, controlFlags: 0, payload: request });
  }

  /** Closes the request side; nothing where it is closed already. */
  finish(): void {
    if (this.#requests === 'closed') return;
    this.#requests = 'closed';
    this.#send({ streamId: this.streamId, controlFlags: CLOSED, payload: { type: 'CLOSE' } });
  }

  /** Abandons the call: both directions are closed at once, one cancel is sent (RIVER-CANCEL-01 to -03, -10). */
  cancel(): void {
    if (this.isOver) return;
    const error: RiverError = { code: 'CANCEL', message: 'cancelled by client' };
    this.#endWith(error);
    this.#send({ streamId: this.streamId, controlFlags: CANCEL, payload: { ok: false, payload: error } });
  }

  /** Takes a message of its stream (RIVER-STREAM-05, -11, RIVER-CANCEL-07, -08, -12). */
  receive(message: RiverMessage): void {
    const { payload, controlFlags } = message;
    if ((controlFlags & CANCEL) !== 0) {
      this.#endWith(isProtocolError(payload) ? payload.payload : { code: 'CANCEL', message: 'stream cancelled with invalid payload' });
      return;
    }
    if (this.#responses === 'closed') return;
    if (!isCloseControl(payload) && isResult(payload)) this.#take(payload);
    if ((controlFlags & CLOSED) === 0) return;
    this.#responses = 'closed';
    if (this.#result !== undefined) this.#sink.message(appResult(this.#result));
    this.#sink.end();
  }

  /** Its session died, or there is none: the caller is told once, nothing is sent (RIVER-ERR-17). */
  disconnected(message: string): void {
    this.#endWith({ code: UNEXPECTED_DISCONNECT, message });
  }

  #take(result: Result): void {
    if (this.#kind === 'stream' || this.#kind === 'subscription') this.#sink.message(appResult(result));
    else this.#result ??= result;
  }

  #endWith(error: RiverError): void {
    this.#requests = 'closed';
    if (this.#responses === 'closed') return;
    this.#responses = 'closed';
    this.#sink.message(appResult({ ok: false, payload: error }));
    this.#sink.end();
  }
}

/** What the application reads of a result; extras are passed on unchanged (RIVER-ERR-16). */
function appResult(result: Result): AppResult {
  if (result.ok) return { ok: true, value: result.payload };
  const { code, message } = result.payload;
  return { ok: false, error: { code, message, ...('extras' in result.payload ? { extras: result.payload.extras } : {}) } };
}
