import type { PeerEvents } from '../../protocols/common/control.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { streamsDown, streamsUp } from '../../protocols/swill/calls.ts';
import { requestBytes } from '../../protocols/swill/encode.ts';
import type { Metadata, ResponseFrame, Seq } from '../../protocols/swill/frame.ts';

/** How a call begins. */
export interface CallStart {
  readonly call: string;
  readonly rpc: string;
  readonly kind: string;
  /** Undefined: a streaming request opens with METADATA. */
  readonly value: unknown;
  readonly metadata: Metadata | undefined;
}

/** One request of a client. It ends once, whatever happens. */
export class Call {
  readonly start: CallStart;
  readonly #events: PeerEvents;
  readonly #waiting: ((seq: Seq) => Uint8Array)[] = [];
  #seq: Seq | undefined;
  #write: (bytes: Uint8Array) => void = () => {};
  #led = false;
  #finished = false;
  #over = false;

  constructor(start: CallStart, events: PeerEvents) {
    this.start = start;
    this.#events = events;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** The connection is there: opens the request under that seq, and lets out what waited for that. */
  open(seq: Seq, write: (bytes: Uint8Array) => void): void {
    this.#seq = seq;
    this.#write = write;
    const { rpc, value, metadata } = this.start;
    const opening =
      value === undefined ? ({ type: 'METADATA', metadata: metadata ?? {} } as const) : { data: value, metadata: metadata ?? null };
    write(requestBytes({ seq, rpc, ...opening }));
    for (const bytes of this.#waiting.splice(0)) write(bytes(seq));
  }

  send(value: unknown): void {
    // SWILL-STREAM-04: nothing goes out behind the end.
    if (!this.#finished && !this.#over) this.#say((seq) => requestBytes({ seq, data: value, rpc: this.start.rpc }));
  }

  /** Ends a stream of requests. There is nothing to end of one message (SWILL-REQ-07). */
  finish(): void {
    if (!streamsUp(this.start.kind) || this.#finished || this.#over) return;
    this.#finished = true;
    this.#say((seq) => requestBytes({ seq, rpc: this.start.rpc, type: 'END_OF_STREAM' }));
  }

  /** Gives it up: one CLOSE, and whatever comes from then on is dropped (SWILL-CLOSE-01, 09). */
  cancel(): void {
    if (this.#over) return;
    if (this.#seq !== undefined) this.#write(requestBytes({ seq: this.#seq, rpc: this.start.rpc, type: 'CLOSE' }));
    this.fail('CANCELLED', 'the caller gave it up');
  }

  /** A frame of its seq. */
  take(frame: ResponseFrame): void {
    if (this.#over) return;
    const { call, kind } = this.start;
    if (frame.type === 'ERROR') {
      const { code, message, data } = isPlainObject(frame.data) ? frame.data : {};
      this.fail(typeof code === 'number' ? code : 500, String(message ?? ''), data);
      return;
    }
    this.#lead(frame.leading);
    if (frame.type === 'METADATA') return;
    if (frame.type === 'MESSAGE') {
      this.#events.message({ call, result: { ok: true, value: frame.data } });
      if (streamsDown(kind)) return;
    }
    this.#over = true;
    this.#events.end({ call, ...(frame.trailing === null ? {} : { metadata: frame.trailing }) });
  }

  /** Ends it with an error. */
  fail(code: string | number, message: string, extras?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const { call } = this.start;
    this.#events.message({ call, result: { ok: false, error: { code, message, ...(extras === undefined ? {} : { extras }) } } });
    this.#events.end({ call });
  }

  #say(bytes: (seq: Seq) => Uint8Array): void {
    if (this.#seq === undefined) this.#waiting.push(bytes);
    else this.#write(bytes(this.#seq));
  }

  #lead(leading: Metadata | null): void {
    if (leading === null || this.#led) return;
    this.#led = true;
    this.#events.start({ call: this.start.call, metadata: leading });
  }
}
