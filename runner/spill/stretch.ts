import type { Sequence } from '../../protocols/common/sequence.ts';

/** What a stretch is a part of. */
interface Whole<T> {
  at(index: number): T | undefined;
  between(from: number, to: number): Iterable<T>;
}

/** A part of a sequence, which is not copied. */
export class Stretch<T> implements Sequence<T> {
  readonly #whole: Whole<T>;
  readonly #from: number;
  readonly length: number;

  /** The elements from one index up to another, which is not among them. */
  constructor(whole: Whole<T>, from: number, to: number) {
    this.#whole = whole;
    this.#from = from;
    this.length = Math.max(0, to - from);
  }

  at(index: number): T | undefined {
    return index < this.length ? this.#whole.at(this.#from + index) : undefined;
  }

  slice(from: number, to = this.length): Sequence<T> {
    return new Stretch(this.#whole, this.#from + from, this.#from + Math.min(to, this.length));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#whole.between(this.#from, this.#from + this.length)[Symbol.iterator]();
  }
}
