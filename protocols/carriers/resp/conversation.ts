import { ByteQueue, concatenate } from '../../common/byte-queue.ts';
import type { Conversation, WireItem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import { answerOf, commandOf } from './frames.ts';
import { type Grammar, type Scanned, Scanner } from './scanner.ts';
import { wholeFrameEnd } from './whole-frame.ts';

/** One connection to a broker: commands one way, replies and pushes the other. Which reply belongs to which command is not asked here. */
export class RespConversation implements Conversation {
  readonly #directions: Record<Side, Direction> = {
    dialler: new Direction('dialler', 'commands'),
    acceptor: new Direction('acceptor', 'replies'),
  };

  push(from: Side, chunk: Uint8Array, most = Number.POSITIVE_INFINITY): WireItem[] {
    return this.#directions[from].push(chunk, most);
  }

  more(from: Side, most: number): WireItem[] {
    return this.#directions[from].more(most);
  }

  hasMore(from: Side): boolean {
    return this.#directions[from].hasMore;
  }

  frames(from: Side): number {
    return this.#directions[from].frames;
  }

  passesAsIs(from: Side, chunk: Uint8Array, most: number): boolean {
    return this.#directions[from].areWholeFrames(chunk, most);
  }

  end(from: Side, how: 'fin' | 'rst'): WireItem[] {
    return how === 'fin' ? this.#directions[from].end() : [];
  }
}

/** What one side writes. */
class Direction {
  readonly #from: Side;
  readonly #grammar: Grammar;
  readonly #scanner: Scanner;
  /** Bytes that were not looked at. */
  readonly #ahead = new ByteQueue();
  /** Bytes of the frame that is not whole. */
  #part: Uint8Array[] = [];
  /** Nobody can tell any more where frames begin. */
  #isLost = false;
  frames = 0;

  constructor(from: Side, grammar: Grammar) {
    this.#from = from;
    this.#grammar = grammar;
    this.#scanner = new Scanner(grammar);
  }

  get hasMore(): boolean {
    return this.#ahead.length > 0;
  }

  push(chunk: Uint8Array, most: number): WireItem[] {
    this.#ahead.push(chunk);
    return this.more(most);
  }

  more(most: number): WireItem[] {
    const items: WireItem[] = [];
    let left = most;
    while (this.#ahead.length > 0) {
      if (this.#isLost) {
        items.push({ kind: 'bytes', raw: this.#ahead.take(this.#ahead.length) });
        break;
      }
      if (left <= 0) break;
      const piece = this.#ahead.takePiece(Number.POSITIVE_INFINITY);
      const scanned = this.#scan(this.#scanner, piece, 0);
      if (scanned.kind === 'part') {
        this.#part.push(piece);
        continue;
      }
      if (scanned.kind === 'whole') {
        this.#part.push(piece.subarray(0, scanned.end));
        this.#ahead.giveBack(piece.subarray(scanned.end));
        items.push(this.#frame());
        left -= 1;
        continue;
      }
      this.#isLost = true;
      this.#ahead.giveBack(piece);
      for (const earlier of this.#part.reverse()) this.#ahead.giveBack(earlier);
      this.#part = [];
      items.push(
        scanned.kind === 'unread'
          ? scanned
          : {
              kind: 'problem',
              from: this.#from,
              problem: { kind: 'broken-resp', detail: scanned.rule, text: `sent what is no RESP: ${scanned.text}` },
            },
      );
    }
    return items;
  }

  areWholeFrames(chunk: Uint8Array, most: number): boolean {
    if (this.#isLost || this.#ahead.length > 0 || !this.#scanner.atStart) return false;
    const scanner = new Scanner(this.#grammar);
    let at = 0;
    for (let count = 0; at < chunk.length; count += 1) {
      const scanned = count < most ? this.#scan(scanner, chunk, at) : undefined;
      if (scanned?.kind !== 'whole') return false;
      at = scanned.end;
    }
    return true;
  }

  end(): WireItem[] {
    const raw = [...this.#part, ...this.#ahead.take(this.#ahead.length)];
    this.#part = [];
    return raw.length === 0 ? [] : [{ kind: 'bytes', raw }];
  }

  #scan(scanner: Scanner, bytes: Uint8Array, from: number): Scanned {
    const end = scanner.atStart ? wholeFrameEnd(bytes, from, this.#grammar) : 0;
    return end > 0 ? { kind: 'whole', end } : scanner.scan(bytes, from);
  }

  #frame(): WireItem {
    const raw = this.#part;
    this.#part = [];
    this.frames += 1;
    const data = wholeOf(raw);
    return { kind: 'frame', frame: this.#grammar === 'commands' ? commandOf(data) : answerOf(data), raw };
  }
}

/** The bytes together: a view where there is one piece, and never a Buffer. */
function wholeOf(pieces: readonly Uint8Array[]): Uint8Array {
  const [only, second] = pieces;
  return only !== undefined && second === undefined ? new Uint8Array(only.buffer, only.byteOffset, only.length) : concatenate(pieces);
}
