import type { Pieces } from '../../../protocols/common/byte-queue.ts';

/** A stretch of memory that is to be written. */
interface Stretch {
  readonly buffer: ArrayBufferLike;
  readonly start: number;
  end: number;
}

/** Bytes on their way to a socket. Views that follow each other in memory become one, so that few writes carry many frames. */
export class GatheredWrites {
  #stretches: Stretch[] = [];

  add(pieces: Pieces): void {
    for (const { buffer, byteOffset, length } of pieces) {
      const last = this.#stretches.at(-1);
      if (last !== undefined && last.buffer === buffer && last.end === byteOffset) last.end += length;
      else if (length > 0) this.#stretches.push({ buffer, start: byteOffset, end: byteOffset + length });
    }
  }

  /** Takes out all that was added, in order. */
  take(): Uint8Array[] {
    const taken = this.#stretches.map(({ buffer, start, end }) => new Uint8Array(buffer, start, end - start));
    this.#stretches = [];
    return taken;
  }
}
