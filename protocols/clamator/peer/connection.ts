import { decodeValue } from '../../carriers/resp/decode.ts';
import { commandFrame } from '../../carriers/resp/frames.ts';
import { isError, type RespValue, type Text, textOf } from '../../carriers/resp/value.ts';
import type { Dial, Link } from '../../common/environment.ts';
import { Fifo } from '../../common/fifo.ts';

/** Redis refused a command. The message is what it said. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** The connection is gone, or never came to be, before a command was answered: whether it was carried out nobody knows. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

/** For `catch`, where an answer is of no use: no command is refused or lost for anybody. Throws what is neither. */
export function unlessUnanswered(error: unknown): void {
  if (!(error instanceof RedisError || error instanceof LostError)) throw error;
}

/** What a connection is made with. */
export interface Way {
  readonly dial: Dial;
  readonly url: string;
  /** `resp2` or `resp3` */
  readonly binding: string;
  /** It is up. */
  readonly opened?: () => void;
}

interface Waiting {
  readonly resolve: (value: RespValue) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection to Redis, dialled at its first command and again at the first after it was lost. Commands are answered in their order.
 * Nothing that was sent is sent again (CLAMATOR-TIMEOUT-05).
 */
export class Connection {
  readonly #way: Way;
  #link: Link | undefined;
  #isOpen = false;
  #isOver = false;
  /** What waits for the connection to come up. */
  readonly #unsent: { readonly args: readonly Text[]; readonly waiting: Waiting }[] = [];
  #waiting = new Fifo<Waiting>();
  /** A link that is being closed, and who waits for its end. */
  #gone: { readonly link: Link; readonly resolve: () => void } | undefined;

  constructor(way: Way) {
    this.#way = way;
  }

  /** Dials, where there is no connection. */
  open(): void {
    if (this.#link === undefined && !this.#isOver) this.#dial();
  }

  /** Sends a command. Rejects with a `RedisError` where Redis refuses it, with a `LostError` where no answer comes. */
  ask(args: readonly Text[]): Promise<RespValue> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new LostError('the connection was closed'));
        return;
      }
      const waiting = { resolve, reject };
      this.open();
      if (this.#isOpen) this.#send(args, waiting);
      else this.#unsent.push({ args, waiting });
    });
  }

  /** Ends the connection for good; what is under way is lost. Resolves once Redis has ended it, too. */
  close(): Promise<void> {
    this.#isOver = true;
    const link = this.#link;
    this.#lose();
    if (link === undefined) return Promise.resolve();
    const gone = new Promise<void>((resolve) => {
      this.#gone = { link, resolve };
    });
    link.close(1000, '');
    return gone;
  }

  /** The same at once, as when a process dies. */
  abort(): void {
    this.#isOver = true;
    this.#link?.abort();
    this.#lose();
  }

  #dial(): void {
    const link = this.#way.dial(
      {
        opened: () => {
          if (this.#link !== link) return;
          this.#isOpen = true;
          this.#way.opened?.();
          if (this.#way.binding === 'resp3') this.#send(['HELLO', '3'], { resolve() {}, reject() {} });
          for (const { args, waiting } of this.#unsent.splice(0)) this.#send(args, waiting);
        },
        message: ({ kind, data }) => {
          if (this.#link === link && kind === 'reply') this.#hear(data);
        },
        closed: () => {
          if (this.#gone?.link === link) this.#gone.resolve();
          if (this.#link !== link) return;
          this.#lose();
        },
      },
      this.#way.url,
    );
    this.#link = link;
  }

  #send(args: readonly Text[], waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#link?.send(commandFrame(args));
  }

  #hear(data: Uint8Array): void {
    const waiting = this.#waiting.shift();
    const read = decodeValue(data);
    if (waiting === undefined) return;
    if (!read.ok) waiting.reject(new LostError(`the answer cannot be read: ${read.error}`));
    else if (isError(read.value)) waiting.reject(new RedisError(textOf(read.value) ?? ''));
    else waiting.resolve(read.value);
  }

  #lose(): void {
    this.#link = undefined;
    this.#isOpen = false;
    const lost = [...this.#waiting, ...this.#unsent.splice(0).map(({ waiting }) => waiting)];
    if (lost.length === 0) return;
    this.#waiting = new Fifo();
    const error = new LostError('the connection is gone');
    for (const { reject } of lost) reject(error);
  }
}
