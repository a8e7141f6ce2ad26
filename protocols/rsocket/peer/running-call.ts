import type { Payload } from '../frames.ts';
import type { Requester } from './requester.ts';
import type { RequesterSink } from './sinks.ts';

/** A running call of this end. */
export interface RunningCall {
  send(payload: Payload): void;
  finish(): void;
  fail(code: string | number, text: string): void;
  credit(n: number): void;
  cancel(): void;
  /** Undefined while a lease is waited for. */
  readonly streamId: number | undefined;
}

/** A call that may have to wait for a lease: what is asked of it before it has a stream is done once it has. */
export class PendingCall implements RunningCall {
  readonly #sink: RequesterSink;
  readonly #waiting: ((stream: Requester) => void)[] = [];
  #stream: Requester | undefined;
  #cancelled = false;

  constructor(sink: RequesterSink) {
    this.#sink = sink;
  }

  /** It was cancelled before it had a stream, and needs none. */
  get isCancelled(): boolean {
    return this.#cancelled;
  }

  get streamId(): number | undefined {
    return this.#stream?.streamId;
  }

  /** It has its stream, which is open. */
  begin(stream: Requester): void {
    this.#stream = stream;
    for (const act of this.#waiting.splice(0)) act(stream);
  }

  send(payload: Payload): void {
    this.#act((stream) => stream.send(payload));
  }

  finish(): void {
    this.#act((stream) => stream.finish());
  }

  fail(code: string | number, text: string): void {
    this.#act((stream) => stream.fail(code, text));
  }

  credit(n: number): void {
    this.#act((stream) => stream.credit(n));
  }

  cancel(): void {
    if (this.#stream !== undefined) this.#stream.cancel();
    else if (!this.#cancelled) {
      this.#cancelled = true;
      this.#sink.complete();
    }
  }

  #act(what: (stream: Requester) => void): void {
    if (this.#stream === undefined) this.#waiting.push(what);
    else what(this.#stream);
  }
}
