import type { StreamId } from './stream-id.ts';

/** What is kept by id, in the order of ids. */
export class IdMap<T> {
  readonly #ids: StreamId[] = [];
  readonly #values: T[] = [];

  get size(): number {
    return this.#ids.length;
  }

  get(id: StreamId): T | undefined {
    const at = this.#from(id);
    return this.#ids[at] === id ? this.#values[at] : undefined;
  }

  set(id: StreamId, value: T): void {
    const at = this.#from(id);
    if (this.#ids[at] === id) this.#values[at] = value;
    else {
      this.#ids.splice(at, 0, id);
      this.#values.splice(at, 0, value);
    }
  }

  delete(id: StreamId): void {
    const at = this.#from(id);
    if (this.#ids[at] !== id) return;
    this.#ids.splice(at, 1);
    this.#values.splice(at, 1);
  }

  /** Those from `start` on, in order; as they are now, whatever is changed meanwhile. */
  from(start: StreamId): (readonly [StreamId, T])[] {
    const at = this.#from(start);
    const values = this.#values.slice(at);
    return this.#ids.slice(at).flatMap((id, i): (readonly [StreamId, T])[] => {
      const value = values[i];
      return value === undefined ? [] : [[id, value]];
    });
  }

  get first(): StreamId | undefined {
    return this.#ids[0];
  }

  get last(): StreamId | undefined {
    return this.#ids.at(-1);
  }

  /** Where the first id stands that is `id` or greater. */
  #from(id: StreamId): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = this.#ids[middle];
      if (there !== undefined && there < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
