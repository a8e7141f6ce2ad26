import { CANCEL, CLOSED, OPEN, type RiverError, type RiverMessage } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import { isCloseControl, isProtocolError } from '../../protocols/river/validate.ts';
import type { Call, Handler, Reactions, ServerState } from './handler.ts';
import { invalidRequest, refusals } from './invalid-request.ts';
import type { Procedure } from './services.ts';

/** What a handler saw, in the control protocol's words. */
export type RunEvent = 'started' | 'request' | 'requests-closed' | 'cancelled' | 'disconnected' | 'finished';

/** What a run needs of its session. */
export interface RunPort {
  send(parts: MessageParts): void;
  metadata(): unknown;
  observe(event: RunEvent, value?: unknown): void;
  /** The stream is over; `bury` remembers its id, so that what still arrives on it is ignored (RIVER-CANCEL-09). */
  ended(how: 'forget' | 'bury'): void;
}

const HANDLER_CANCEL: RiverError = { code: 'CANCEL', message: 'cancelled by server procedure handler' };
const CLIENT_CANCEL: RiverError = { code: 'CANCEL', message: 'stream cancelled with invalid payload' };
const DISCONNECT: RiverError = { code: 'UNEXPECTED_DISCONNECT', message: 'client unexpectedly disconnected' };

/** One stream and the run of its handler. Each direction is closed by its own writer, the stream ends with both (RIVER-STREAM-03, -04). */
export class Run implements Call {
  readonly init: unknown;
  readonly procedure: Procedure;
  readonly #streamId: string;
  readonly #port: RunPort;
  #reactions: Reactions = {};
  #requestsOpen: boolean;
  #responsesOpen = true;
  #finished = false;
  #over = false;

  constructor(open: RiverMessage, procedure: Procedure, port: RunPort) {
    this.init = open.payload;
    this.procedure = procedure;
    this.#streamId = open.streamId;
    this.#port = port;
    this.#requestsOpen = (open.controlFlags & CLOSED) === 0;
  }

  /** Starts the handler. A stream or upload that was opened with the closed bit has an empty request side. */
  start(handler: Handler, state: ServerState): void {
    this.#port.observe('started', this.init);
    this.#guarded(() => {
      this.#reactions = handler(this, state);
    });
    if (!this.#requestsOpen && this.procedure.checkRequest !== undefined) this.#tellRequestsClosed();
  }

  /** Takes a further message of the stream. */
  receive(message: RiverMessage): void {
    if ((message.controlFlags & CANCEL) !== 0) {
      this.#endedByClient(isProtocolError(message.payload) ? message.payload.payload : CLIENT_CANCEL);
      return;
    }
    if (!this.#requestsOpen) {
      this.reject(invalidRequest(refusals.afterClose));
      return;
    }
    const closes = (message.controlFlags & CLOSED) !== 0;
    // Before the schema: a permissive one would take the CLOSE for a request (RIVER-STREAM-06).
    if (closes && isCloseControl(message.payload) && (message.controlFlags & OPEN) === 0) {
      this.#closeRequests();
      return;
    }
    const { checkRequest } = this.procedure;
    if (checkRequest === undefined) {
      this.reject(invalidRequest(refusals.noRequests, NOT_A_CLOSE));
      return;
    }
    const failure = checkRequest(message.payload);
    if (failure !== undefined || (message.controlFlags & OPEN) !== 0) {
      this.reject(invalidRequest(refusals.badRequest, failure ?? SECOND_OPEN));
      return;
    }
    if (!this.#finished) {
      this.#port.observe('request', message.payload);
      this.#guarded(() => this.#reactions.request?.(message.payload));
    }
    if (closes && !this.#over) this.#closeRequests();
  }

  /** Ends the stream because of an invalid message (RIVER-ERR-12). */
  reject(error: RiverError): void {
    if (this.#over) return;
    this.#abandon(error);
    this.#tellEnded('cancelled', error);
  }

  /** The session died: the handler is told, nothing is sent (RIVER-RECON-24). */
  disconnect(): void {
    if (this.#over) return;
    this.#close('forget');
    this.#tellEnded('disconnected', DISCONNECT);
  }

  metadata(): unknown {
    return this.#port.metadata();
  }

  respond(value: unknown): void {
    this.#answer({ ok: true, payload: value });
  }

  fail(error: RiverError): void {
    this.#answer({ ok: false, payload: error });
  }

  close(): void {
    if (!this.#responsesOpen) return;
    this.#port.send({ streamId: this.#streamId, controlFlags: CLOSED, payload: { type: 'CLOSE' } });
    this.#closeResponses();
  }

  cancel(message = HANDLER_CANCEL.message): void {
    if (this.#over) return;
    this.#abandon({ ...HANDLER_CANCEL, message });
    this.#finish();
  }

  /** For scripts: what a frame sent by hand with these flags means for the stream. */
  scripted(controlFlags: number): void {
    if (this.#over) return;
    if ((controlFlags & CANCEL) !== 0) {
      this.#close('bury');
      this.#finish();
    } else if ((controlFlags & CLOSED) !== 0 && this.#responsesOpen) {
      this.#closeResponses();
    }
  }

  #answer(payload: unknown): void {
    if (!this.#responsesOpen) return;
    const once = this.procedure.kind === 'rpc' || this.procedure.kind === 'upload';
    this.#port.send({ streamId: this.#streamId, controlFlags: once ? CLOSED : 0, payload });
    if (once) this.#closeResponses();
  }

  #closeResponses(): void {
    // A send may have killed the session and with it this run.
    if (this.#over) return;
    this.#responsesOpen = false;
    if (this.procedure.kind !== 'stream') this.#finish();
    this.#settle();
  }

  #closeRequests(): void {
    this.#requestsOpen = false;
    if (!this.#finished) this.#tellRequestsClosed();
    this.#settle();
  }

  #tellRequestsClosed(): void {
    if (this.#over || this.#finished) return;
    this.#port.observe('requests-closed');
    this.#guarded(() => this.#reactions.requestsClosed?.());
  }

  #settle(): void {
    if (this.#over || this.#requestsOpen || this.#responsesOpen) return;
    this.#close('forget');
    this.#finish();
  }

  #endedByClient(error: RiverError): void {
    this.#close('bury');
    this.#tellEnded('cancelled', error);
  }

  #tellEnded(event: 'cancelled' | 'disconnected', error: RiverError): void {
    if (this.#finished) return;
    this.#port.observe(event, error);
    this.#finish();
    this.#reactions.ended?.();
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (raised) {
      if (this.#over) return;
      this.#abandon({ code: 'UNCAUGHT_ERROR', message: raised instanceof Error ? raised.message : String(raised) });
      this.#finish();
      this.#reactions.ended?.();
    }
  }

  /** Ends both directions with a cancel (RIVER-MSG-13). */
  #abandon(error: RiverError): void {
    this.#close('bury');
    this.#port.send({ streamId: this.#streamId, controlFlags: CANCEL, payload: { ok: false, payload: error } });
  }

  #close(how: 'forget' | 'bury'): void {
    this.#over = true;
    this.#requestsOpen = false;
    this.#responsesOpen = false;
    this.#port.ended(how);
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#port.observe('finished');
  }
}

const NOT_A_CLOSE = { totalErrors: 1, firstValidationErrors: [{ path: '/type', message: 'must be equal to constant "CLOSE"' }] };
const SECOND_OPEN = { totalErrors: 1, firstValidationErrors: [{ path: '', message: 'the stream is open already' }] };
