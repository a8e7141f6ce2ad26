import { headBytes } from '../../protocols/carriers/http/write.ts';
import { type Link, type LinkEvents, NO_CODE } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { statusLine } from './answer.ts';
import { Exchange, type ExchangeParts } from './exchange.ts';

/** Requests of a connection whose answers wait for each other; clients that pipeline at all send a few. */
const MOST_PIPELINED = 4096;

/** One connection that the server accepted: its requests are answered in their order. */
export class Connection {
  readonly link: Link;
  readonly #parts: Omit<ExchangeParts, 'write' | 'done'>;
  /** Those that are not answered yet, and what the answers behind the first have to wait with. */
  readonly #open: {
    readonly number: number;
    exchange: Exchange | undefined;
    readonly waiting: Uint8Array[];
    over: boolean;
  }[] = [];
  isGone = false;
  /** Heads of requests that were read. */
  #heads = 0;

  constructor(link: Link, parts: Omit<ExchangeParts, 'write' | 'done'>) {
    this.link = link;
    this.#parts = parts;
  }

  readonly events: LinkEvents = {
    opened: () => {},
    message: (frame) => this.#take(frame),
    ended: () => {
      // Who has said all over HTTP/1.1 does not wait for answers either: servers see it as the caller's leaving.
      for (const { exchange } of this.#open) exchange?.leave();
      this.#open.length = 0;
      this.link.close(NO_CODE, '');
    },
    closed: () => {
      this.isGone = true;
      for (const { exchange } of this.#open) exchange?.leave();
      this.#open.length = 0;
    },
  };

  /** The exchange of that number, where it is not answered yet. */
  exchange(number: number): Exchange | undefined {
    return this.#open.find((each) => each.number === number)?.exchange;
  }

  #take(frame: MessageFrame): void {
    const number = frame.part?.exchange ?? 0;
    if (frame.kind === 'head' && this.#open.length >= MOST_PIPELINED) {
      // Whoever asks so much and waits for no answer gets none.
      this.link.abort();
      return;
    }
    if (frame.kind === 'head') {
      const entry = { number, exchange: undefined as Exchange | undefined, waiting: [] as Uint8Array[], over: false };
      this.#open.push(entry);
      this.#heads += 1;
      entry.exchange = new Exchange(frame, {
        ...this.#parts,
        write: (bytes) => {
          if (this.#open[0] === entry) this.link.raw?.(bytes);
          else entry.waiting.push(bytes);
        },
        done: () => {
          entry.over = true;
          this.#goOn();
        },
      });
      return;
    }
    const exchange = this.exchange(number);
    exchange?.take(frame);
    if (frame.kind === 'broken') this.#refuse(number);
  }

  /** Lets go of what was answered, and lets what waited behind it out. */
  #goOn(): void {
    for (let [first] = this.#open; first?.over === true; [first] = this.#open) {
      this.#open.shift();
      // What is still to come of its request is read and dropped: who closes now takes the connection from a caller that uses it next.
      const [next] = this.#open;
      for (const bytes of next?.waiting.splice(0) ?? []) this.link.raw?.(bytes);
    }
  }

  /** What follows cannot be read: nothing more is answered. A request whose head was read has an answer of its own. */
  #refuse(number: number): void {
    const fields = [
      { name: 'Connection', value: 'close' },
      { name: 'Content-Length', value: '0' },
    ];
    if (number === this.#heads && this.#open.length === 0) this.link.raw?.(headBytes(statusLine(400, 'Bad Request'), fields));
    this.link.close(NO_CODE, '');
  }
}
