import { framingOf } from '../../protocols/carriers/http/framing.ts';
import { listOf, type ResponseHead, readHead } from '../../protocols/carriers/http/head.ts';
import { type Dial, type Link, NO_CODE } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';

/** What a user of a connection hears of the answer to its request. */
export interface Hearing {
  head(head: ResponseHead): void;
  data(bytes: Uint8Array): void;
  /** Once: the answer is over, whole or not. */
  over(isWhole: boolean): void;
}

/** One connection, used for one exchange after the other. */
export class Connection {
  readonly link: Link;
  #isOpen = false;
  #isGone = false;
  #waiting: (() => void)[] = [];
  #hearing: Hearing | undefined;
  /** An answer that ends with the connection. */
  #untilClose = false;
  /** All of the request was written, or not. */
  #isWritten = true;

  constructor(dial: Dial, url: string) {
    this.link = dial(
      {
        opened: () => {
          this.#isOpen = true;
          for (const write of this.#waiting.splice(0)) write();
        },
        message: (frame) => this.#take(frame),
        ended: () => {
          this.#leave(this.#untilClose);
          this.link.close(NO_CODE, '');
        },
        closed: () => this.#leave(false),
      },
      url,
    );
  }

  /** Whether it may carry a further exchange: nothing of an earlier one is left on it. */
  get isFree(): boolean {
    return !this.#isGone && this.#hearing === undefined && this.#isWritten;
  }

  begin(hearing: Hearing): void {
    this.#hearing = hearing;
    this.#untilClose = false;
    this.#isWritten = false;
  }

  /** Writes, once the connection is there. */
  write(...pieces: readonly Uint8Array[]): void {
    const now = (): void => {
      for (const piece of pieces) this.link.raw?.(piece);
    };
    if (this.#isOpen) now();
    else this.#waiting.push(now);
  }

  /** All of the request was written. */
  written(): void {
    this.#isWritten = true;
  }

  /** Gives it up, and with it what it carries. */
  abandon(): void {
    this.#isGone = true;
    this.#hearing = undefined;
    this.link.abort();
  }

  /** Ends it in order, where nothing is under way. */
  close(): void {
    this.#isGone = true;
    this.link.close(NO_CODE, '');
  }

  #take(frame: MessageFrame): void {
    switch (frame.kind) {
      case 'head':
        this.#takeHead(frame);
        return;
      case 'data':
        this.#hearing?.data(frame.data);
        break;
      case 'torn':
      case 'broken':
        this.#leave(false);
        this.link.abort();
        return;
      default:
        break;
    }
    if (frame.part?.last === true) this.#over(true);
  }

  #takeHead(frame: MessageFrame): void {
    const read = readHead(frame.data, 'response');
    if (!read.ok || read.value.kind !== 'response') return;
    // To no request of ours: were it kept, it would answer the next (RFC 9112, 9.2). Nor did we ask for another protocol.
    if (this.#hearing === undefined || read.value.status === 101) {
      this.#leave(false);
      this.link.abort();
      return;
    }
    // What comes before the answer proper says only that one comes.
    if (read.value.status < 200) return;
    const framing = framingOf(read.value, undefined);
    this.#untilClose = framing.ok && framing.value.kind === 'close';
    if (listOf(read.value.fields, 'connection').includes('close')) this.#isWritten = false;
    this.#hearing?.head(read.value);
    if (frame.part?.last === true) this.#over(true);
  }

  #over(isWhole: boolean): void {
    const hearing = this.#hearing;
    this.#hearing = undefined;
    // An answer that came before the request was whole leaves the connection to nobody, nor does one that ends with it.
    if (!this.#isWritten || this.#untilClose) this.close();
    hearing?.over(isWhole);
  }

  #leave(isWhole: boolean): void {
    this.#isGone = true;
    const hearing = this.#hearing;
    this.#hearing = undefined;
    hearing?.over(isWhole);
  }
}
