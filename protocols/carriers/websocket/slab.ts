/** Bytes that are allocated together. */
const SLAB_BYTES = 64 * 1024;

/** Longest array that is given out of a slab; a longer one has memory of its own. */
const LONGEST = 4 * 1024;

/** Gives small arrays out of larger stretches of memory: one object each, and none of it is cleared twice. */
export class Slab {
  #buffer = new ArrayBuffer(0);
  #at = 0;

  /** An array that nobody else has; its bytes are all to be written. */
  take(length: number): Uint8Array {
    if (length > LONGEST) {
      // Every byte is to be written, so the memory need not be cleared first.
      const { buffer } = Buffer.allocUnsafeSlow(length);
      return new Uint8Array(buffer, 0, length);
    }
    if (this.#at + length > this.#buffer.byteLength) {
      this.#buffer = new ArrayBuffer(SLAB_BYTES);
      this.#at = 0;
    }
    const array = new Uint8Array(this.#buffer, this.#at, length);
    this.#at += length;
    return array;
  }
}
