import { Fifo } from './fifo.ts';

/** Bytes in the pieces in which they came; their concatenation is the value. */
export type Pieces = readonly Uint8Array[];

/** How many bytes the pieces hold. */
export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/** The pieces as one array of its own, never a view of them. */
export function concatenate(pieces: Pieces): Uint8Array {
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The first `length` bytes of the pieces, as views of them. */
export function firstBytes(pieces: Pieces, length: number): Uint8Array[] {
  const first: Uint8Array[] = [];
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) break;
    first.push(piece.subarray(0, left));
    left -= piece.length;
  }
  return first;
}

/** A first-in-first-out store of bytes. Taking out copies nothing and costs time linear in the pieces taken. */
export class ByteQueue {
  readonly #pieces = new Fifo<Uint8Array>();
  #length = 0;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** The first bytes, `most` of them or as many as there are: a view where they lie together, else a copy. */
  peek(most: number): Uint8Array {
    const { first } = this.#pieces;
    if (first !== undefined && (first.length >= most || first.length === this.#length)) return first.subarray(0, most);
    const bytes = new Uint8Array(Math.min(most, this.#length));
    let at = 0;
    for (const piece of this.#pieces) {
      if (at >= bytes.length) break;
      const part = piece.subarray(0, bytes.length - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Removes the first piece, or its first `most` bytes. Throws a RangeError where there is none. */
  takePiece(most: number): Uint8Array {
    const { first } = this.#pieces;
    if (first === undefined) throw new RangeError('cannot take a piece from an empty queue');
    return this.take(Math.min(first.length, most))[0] ?? first;
  }

  /** Puts bytes back in front of the others. */
  giveBack(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.unshift(piece);
    this.#length += piece.length;
  }

  /** Removes the first `length` bytes. Throws a RangeError when the queue holds fewer. */
  take(length: number): Uint8Array[] {
    if (length > this.#length) throw new RangeError(`cannot take ${length} bytes from a queue of ${this.#length}`);
    const taken: Uint8Array[] = [];
    let left = length;
    while (left > 0) {
      const piece = this.#pieces.shift();
      if (piece === undefined) break;
      taken.push(piece.subarray(0, left));
      if (piece.length > left) this.#pieces.unshift(piece.subarray(left));
      left -= Math.min(left, piece.length);
    }
    this.#length -= length;
    return taken;
  }
}
