import type { Environment } from '../../common/environment.ts';
import type { Room } from '../../common/room.ts';
import { errorName } from '../error-codes.ts';
import type { ErrorFrame, RequestType, RSocketFrame } from '../frame.ts';
import { cancelFrame, completeFrame, errorFrame, itemFrame, type Payload, requestFrame, requestNFrame } from '../frames.ts';
import { textOf } from '../value.ts';
import { Inlet, TOO_LARGE } from './inlet.ts';
import { Outlet } from './outlet.ts';
import type { Failure, RequesterSink } from './sinks.ts';

/** What a stream needs of its session. */
export interface StreamPort {
  readonly environment: Environment;
  /** Bytes of fragments that are kept for one payload. */
  readonly reassemblyLimit: number;
  /** What all of them have together. */
  readonly room: Room;
  write(frame: RSocketFrame): void;
  /** The stream is over; its id means nothing any more. */
  forget(streamId: number): void;
}

/** One call as its requester sees it. */
export class Requester {
  readonly type: Exclude<RequestType, 'REQUEST_FNF'>;
  readonly streamId: number;
  readonly #port: StreamPort;
  readonly #sink: RequesterSink;
  readonly #outlet: Outlet | undefined;
  readonly #inlet: Inlet;
  #inputOpen = true;
  #over = false;

  constructor(port: StreamPort, type: Exclude<RequestType, 'REQUEST_FNF'>, streamId: number, sink: RequesterSink) {
    this.#port = port;
    this.type = type;
    this.streamId = streamId;
    this.#sink = sink;
    this.#inlet = new Inlet(port.reassemblyLimit, port.room);
    if (type !== 'REQUEST_CHANNEL') return;
    // A channel's first item goes with its request, further ones wait for REQUEST_N (RSOCKET-CHANNEL-03).
    this.#outlet = new Outlet(port.environment, 0, {
      item: (payload, complete) => {
        port.write(itemFrame(streamId, payload, complete));
        if (complete) this.#settle();
      },
      complete: () => {
        port.write(completeFrame(streamId));
        this.#settle();
      },
    });
  }

  /** Sends the request. */
  open(payload: Payload, n: number): void {
    this.#port.write(requestFrame(this.type, this.streamId, payload, n, false));
  }

  /** One more item of a channel. */
  send(payload: Payload): void {
    this.#outlet?.push(payload);
  }

  /** No more items of a channel. */
  finish(): void {
    this.#outlet?.complete();
  }

  /** More credit for what comes. */
  credit(n: number): void {
    if (!this.#over && this.#inputOpen) this.#port.write(requestNFrame(this.streamId, n));
  }

  /** Ends the call: one CANCEL, and nothing after it (RSOCKET-RR-08). */
  cancel(): void {
    if (this.#over) return;
    this.#port.write(cancelFrame(this.streamId));
    this.#end();
    this.#sink.complete();
  }

  /** Ends both directions of a channel with an ERROR of its requester (RSOCKET-CHANNEL-06). */
  fail(code: string | number, text: string): void {
    if (this.#over || this.#outlet === undefined) return;
    this.#port.write(errorFrame(this.streamId, code, text));
    this.#end();
    this.#sink.complete();
  }

  /** The connection is gone for good. */
  disconnected(failure: Failure): void {
    this.#fail(failure);
  }

  payload(frame: RSocketFrame): void {
    if (this.#over || !this.#inputOpen) return;
    const arrived = this.#inlet.take(frame);
    if (arrived === 'partial') return;
    if (arrived === 'too-large') {
      this.#port.write(cancelFrame(this.streamId));
      this.#fail({ code: 'INVALID', text: TOO_LARGE });
      return;
    }
    const { payload, isItem, complete } = arrived;
    if (isItem) this.#sink.item(payload);
    if (complete || (isItem && this.type === 'REQUEST_RESPONSE')) this.#inputComplete();
  }

  error(frame: ErrorFrame): void {
    this.#fail({ code: errorName(frame.code), text: textOf(frame.data) });
  }

  requestN(n: number): void {
    this.#outlet?.grant(n);
  }

  /** The responder of a channel wants no more items. */
  cancelled(): void {
    if (this.#outlet === undefined || this.#over) return;
    this.#outlet.stop();
    this.#settle();
  }

  #inputComplete(): void {
    // What the sink was told may have ended the call.
    if (this.#over) return;
    this.#inputOpen = false;
    this.#settle();
  }

  /** A channel is over when both directions are (RSOCKET-CHANNEL-04). */
  #settle(): void {
    if (this.#over || this.#inputOpen || this.#outlet?.isDone === false) return;
    this.#end();
    this.#sink.complete();
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#end();
    this.#sink.failed(failure);
  }

  #end(): void {
    this.#over = true;
    this.#inlet.clear();
    this.#outlet?.stop();
    this.#port.forget(this.streamId);
  }
}
