import { type ByteQueue, concatenate } from '../../common/byte-queue.ts';
import { broken, type Fault, type Read } from './head.ts';

/** What is looked for among lines: those of a head or of trailers, a line, or one behind an empty one. */
export type LinesOf = 'head' | 'trailers' | 'line' | 'line-after-crlf';

const NAMES: Readonly<Record<LinesOf, string>> = {
  head: 'a head',
  trailers: 'trailers',
  line: 'the line of a chunk',
  'line-after-crlf': 'the line of a chunk',
};

const LF = 0x0a;
const CR = 0x0d;

/** Collects lines out of pieces of any length: a head, trailers, or the one line of a chunk. Looks at each byte once. */
export class LineBuffer {
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Whether the last byte was CR, and how long the present line is. */
  #afterCr = false;
  #line = 0;
  /** Whether anything but ends of lines came. */
  #hasText = false;

  /** How many bytes were collected. */
  get length(): number {
    return this.#length;
  }

  /** The bytes that were collected. */
  bytes(): Uint8Array {
    return concatenate(this.#pieces);
  }

  /** What was collected is done with. */
  reset(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#line = 0;
    this.#afterCr = false;
    this.#hasText = false;
  }

  /**
   * Takes bytes out of a queue up to the end of what is looked for: of a line, of a line behind an empty one, of lines up to an empty
   * one. Undefined where it has not come; what is no line, or longer than `most` bytes, is a fault.
   */
  take(queue: ByteQueue, most: number, what: LinesOf): Read<Uint8Array> | undefined {
    while (queue.length > 0 && this.#length <= most) {
      const piece = queue.takePiece(most - this.#length + 1);
      const end = this.#endIn(piece, what);
      this.#add(piece.subarray(0, end?.at));
      if (end === undefined) continue;
      queue.giveBack(piece.subarray(end.at));
      if (this.#length > most) break;
      return end.fault === undefined ? { ok: true, value: this.bytes() } : { ok: false, fault: end.fault };
    }
    return this.#length <= most ? undefined : broken('too-long', `${NAMES[what]} of more than ${most} bytes`);
  }

  /** How many bytes of a piece belong to the lines that are looked for, where they end in it. */
  #endIn(piece: Uint8Array, what: LinesOf): { readonly at: number; readonly fault?: Fault } | undefined {
    for (let i = 0; i < piece.length; i += 1) {
      const byte = piece[i];
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte !== LF) return { at: i + 1, fault: { rule: 'lone-cr', text: 'CR without LF in a line' } };
        const isEmpty = this.#line === 0;
        const seenBefore = this.#length + i + 1 > 2;
        this.#line = 0;
        if (what === 'line' || (what === 'line-after-crlf' && seenBefore)) return { at: i + 1 };
        // Before a head, empty lines are overlooked (RFC 9112, 2.2).
        if (isEmpty && (what === 'trailers' || (what === 'head' && this.#hasText))) return { at: i + 1 };
        continue;
      }
      if (byte === LF) return { at: i + 1, fault: { rule: 'lone-lf', text: 'LF without CR before it at the end of a line' } };
      if (byte === CR) this.#afterCr = true;
      else {
        this.#line += 1;
        this.#hasText = true;
      }
    }
    return undefined;
  }

  #add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}
