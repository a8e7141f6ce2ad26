/** So many places are not worth giving up. */
const FEW = 32;

/**
 * What waits in order: put at the end, taken at the beginning, each in constant time however many wait. An array moves all others with
 * each that is taken from its beginning, which adds up once they are many.
 */
export class Fifo<T extends object> implements Iterable<T> {
  #items: (T | undefined)[] = [];
  /** Index of the first that was not taken. */
  #head = 0;

  /** How many wait. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** What would be taken next; undefined where nothing waits. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  /** Puts one at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts one back in front of the others. */
  unshift(item: T): void {
    if (this.#head === 0) this.#items.unshift(item);
    else {
      this.#head -= 1;
      this.#items[this.#head] = item;
    }
  }

  /** Takes the first; undefined where nothing waits. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    // Whoever took it may let go of it long before its place is needed.
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // Giving up places only when they are the larger half keeps the whole linear.
    if (this.#head >= FEW && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Those that wait, the first first. Nothing may be taken meanwhile. */
  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#head; i < this.#items.length; i += 1) {
      const item = this.#items[i];
      if (item !== undefined) yield item;
    }
  }
}
