import { errorName } from '../error-codes.ts';
import { type ErrorFrame, FLAG, has, type RequestType, type RSocketFrame } from '../frame.ts';
import { cancelFrame, completeFrame, errorFrame, itemFrame, type Payload, requestNFrame } from '../frames.ts';
import { readRequestMetadata } from '../metadata.ts';
import { textOf } from '../value.ts';
import { Inlet, TOO_LARGE } from './inlet.ts';
import { Outlet } from './outlet.ts';
import type { StreamPort } from './requester.ts';
import type { Failure, Handle, Incoming, Reactions } from './sinks.ts';

const kinds = {
  REQUEST_RESPONSE: 'request-response',
  REQUEST_FNF: 'fire-and-forget',
  REQUEST_STREAM: 'request-stream',
  REQUEST_CHANNEL: 'request-channel',
} as const satisfies Record<RequestType, Incoming['kind']>;

/** A request as its first frame, or all its fragments, made it. */
export interface Opening {
  readonly type: RequestType;
  readonly streamId: number;
  readonly payload: Payload;
  readonly n: number;
  /** The requester's side of a channel is complete with its first item. */
  readonly complete: boolean;
}

/** One call as its responder sees it. */
export class Responder {
  readonly #port: StreamPort;
  readonly #opening: Opening;
  readonly #outlet: Outlet;
  readonly #inlet: Inlet;
  #reactions: Reactions = {};
  #inputOpen: boolean;
  #over = false;
  /** The handler has begun and not been told of the end. */
  #attentive = false;

  constructor(port: StreamPort, opening: Opening) {
    const { type, streamId, n, complete } = opening;
    this.#port = port;
    this.#opening = opening;
    this.#inlet = new Inlet(port.reassemblyLimit, port.room);
    this.#inputOpen = type === 'REQUEST_CHANNEL' && !complete;
    // A request-response has the credit for its one item; fire-and-forget never says anything (RSOCKET-FNF-01).
    const credit = type === 'REQUEST_RESPONSE' ? 1 : n;
    this.#outlet = new Outlet(port.environment, credit, {
      item: (payload, last) => {
        const ends = last || type === 'REQUEST_RESPONSE';
        port.write(itemFrame(streamId, payload, ends));
        if (ends) {
          this.#outlet.stop();
          this.#settle();
        }
      },
      complete: () => {
        port.write(completeFrame(streamId));
        this.#settle();
      },
    });
  }

  /** Runs the handler. A fire-and-forget is over for the wire before it begins (RSOCKET-FNF-02). */
  start(handle: Handle): void {
    const { type, streamId, payload, complete } = this.#opening;
    const { route, own } = readRequestMetadata(payload.metadata);
    if (type === 'REQUEST_FNF') this.#close();
    this.#guarded(() => {
      this.#reactions = handle({
        kind: kinds[type],
        route,
        first: { data: payload.data, metadata: own },
        item: (item) => this.#outlet.push(item),
        items: (list) => this.#outlet.feed(list),
        complete: () => this.#outlet.complete(),
        fail: (code, text) => this.#fail(code, text),
        request: (n) => {
          if (!this.#over && this.#inputOpen) this.#port.write(requestNFrame(streamId, n));
        },
        stopInput: () => this.#stopInput(),
      });
      this.#attentive = true;
      if (type === 'REQUEST_CHANNEL' && complete) this.#reactions.inputComplete?.();
    });
    // What was answered at once was over before there was anybody to tell.
    if (this.#over) this.#tellClosed();
  }

  payload(frame: RSocketFrame): void {
    if (this.#over || !this.#inputOpen) return;
    const arrived = this.#inlet.take(frame);
    if (arrived === 'partial') return;
    if (arrived === 'too-large') {
      this.#fail('INVALID', TOO_LARGE);
      return;
    }
    const { payload, isItem, complete } = arrived;
    if (isItem) this.#guarded(() => this.#reactions.item?.(payload));
    if (!complete || this.#over) return;
    this.#inputOpen = false;
    this.#guarded(() => this.#reactions.inputComplete?.());
    this.#settle();
  }

  requestN(n: number): void {
    // A request-response has no use for it (RSOCKET-RR-09).
    if (this.#opening.type !== 'REQUEST_RESPONSE') this.#outlet.grant(n);
  }

  /** The requester wants no more: both directions end (RSOCKET-RR-07, RSOCKET-CHANNEL-08). */
  cancelled(): void {
    this.#ended('cancelled', undefined);
  }

  /** An ERROR of a channel's requester ends both directions (RSOCKET-CHANNEL-06). */
  error(frame: ErrorFrame): void {
    if (this.#opening.type !== 'REQUEST_CHANNEL') return;
    this.#ended('failed', { code: errorName(frame.code), text: textOf(frame.data) });
  }

  /** The connection is gone for good. */
  disconnected(failure: Failure): void {
    this.#ended('disconnected', failure);
  }

  /** For scripts: what a frame written by hand means for the call. */
  scripted(frame: RSocketFrame): void {
    if (this.#over) return;
    if (frame.type === 'ERROR') this.#close();
    if (frame.type !== 'PAYLOAD' || !has(frame, FLAG.COMPLETE)) return;
    this.#outlet.stop();
    this.#settle();
  }

  #ended(how: 'cancelled' | 'failed' | 'disconnected', failure: Failure | undefined): void {
    if (this.#over) return;
    this.#close();
    this.#reactions.ended?.(how, failure);
  }

  #fail(code: string | number, text: string): void {
    if (this.#over) return;
    this.#port.write(errorFrame(this.#opening.streamId, code, text));
    this.#close();
  }

  #stopInput(): void {
    if (this.#over || !this.#inputOpen) return;
    this.#inputOpen = false;
    this.#port.write(cancelFrame(this.#opening.streamId));
    this.#settle();
  }

  #settle(): void {
    if (!this.#over && !this.#inputOpen && this.#outlet.isDone) this.#close();
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (raised) {
      const text = raised instanceof Error ? raised.message : String(raised);
      this.#fail('APPLICATION_ERROR', text);
    }
  }

  #close(): void {
    this.#over = true;
    this.#inputOpen = false;
    this.#inlet.clear();
    this.#outlet.stop();
    this.#port.forget(this.#opening.streamId);
    this.#tellClosed();
  }

  #tellClosed(): void {
    if (!this.#attentive) return;
    this.#attentive = false;
    this.#reactions.closed?.();
  }
}
