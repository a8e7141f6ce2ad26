import { ByteQueue } from '../../common/byte-queue.ts';
import type { Conversation, WireItem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import type { HttpHead, RequestHead } from './head.ts';
import { type Cut, HttpReader, type Seen } from './reader.ts';

/**
 * One connection of HTTP/1.1: requests one way, and the other way their answers in the same order (RFC 9112, 9.3.2). The end of an
 * answer hangs on the request that it answers. Bytes pass before the frame is whole that they belong to, where the relay asks for it.
 */
export class HttpConversation implements Conversation {
  readonly #readers: Record<Side, HttpReader>;
  /** Bytes that were taken and are in no item yet, but for those that went ahead, of which there are so many. */
  readonly #waiting: Record<Side, ByteQueue> = { dialler: new ByteQueue(), acceptor: new ByteQueue() };
  readonly #ahead: Record<Side, number> = { dialler: 0, acceptor: 0 };
  /** Requests that are not answered yet. */
  readonly #unanswered: RequestHead[] = [];
  #requests = 0;
  #answers = 0;

  constructor(cut: Cut) {
    this.#readers = {
      dialler: new HttpReader('request', { begin: (head) => this.#ask(head), next: () => this.#requests }, cut),
      acceptor: new HttpReader('response', { begin: (head) => this.#answer(head), next: () => this.#answers }, cut),
    };
  }

  push(from: Side, chunk: Uint8Array, most = Number.POSITIVE_INFINITY): WireItem[] {
    this.#waiting[from].push(chunk);
    return this.#itemsOf(from, this.#readers[from].push(chunk, most));
  }

  more(from: Side, most: number): WireItem[] {
    return this.#itemsOf(from, this.#readers[from].more(most));
  }

  hasMore(from: Side): boolean {
    return this.#readers[from].hasMore;
  }

  frames(from: Side): number {
    return this.#readers[from].frames;
  }

  passesAsIs(): boolean {
    // What passes at once does so by `ahead`.
    return false;
  }

  ahead(from: Side): readonly Uint8Array[] {
    const waiting = this.#waiting[from];
    this.#ahead[from] += waiting.length;
    return waiting.take(waiting.length);
  }

  end(from: Side, how: 'fin' | 'rst'): WireItem[] {
    return how === 'fin' ? this.#itemsOf(from, this.#readers[from].end()) : [];
  }

  #ask(head: HttpHead): { exchange: number; request: RequestHead | undefined } {
    if (head.kind === 'request') this.#unanswered.push(head);
    this.#requests += 1;
    return { exchange: this.#requests - 1, request: undefined };
  }

  #answer(head: HttpHead): { exchange: number; request: RequestHead | undefined } {
    const [request] = this.#unanswered;
    const exchange = this.#answers;
    if (head.kind === 'response' && (head.status >= 200 || head.status === 101)) {
      this.#unanswered.shift();
      this.#answers += 1;
    }
    if (head.kind === 'response' && head.status === 101) this.#readers.dialler.leaveOff();
    return { exchange, request };
  }

  #itemsOf(from: Side, seen: readonly Seen[]): WireItem[] {
    return seen.map((each) => this.#itemOf(from, each));
  }

  #itemOf(from: Side, each: Seen): WireItem {
    switch (each.kind) {
      case 'frame': {
        const { raw, ahead } = this.#take(from, each.bytes);
        return { kind: 'frame', frame: each.frame(ahead), raw };
      }
      case 'bytes':
        return { kind: 'bytes', raw: this.#take(from, each.bytes).raw };
      case 'broken': {
        const { rule, text } = each.fault;
        return {
          kind: 'problem',
          from,
          problem: { kind: 'broken-http', detail: rule, text: `sent what is no HTTP/1.1: ${text}`, own: true },
        };
      }
      case 'unread':
        return each;
    }
  }

  /** The next bytes on the wire that have not passed yet, and how many of them have. */
  #take(from: Side, bytes: number): { readonly raw: readonly Uint8Array[]; readonly ahead: number } {
    const ahead = Math.min(this.#ahead[from], bytes);
    this.#ahead[from] -= ahead;
    return { raw: this.#waiting[from].take(bytes - ahead), ahead };
  }
}
