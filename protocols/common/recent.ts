import { Room } from './room.ts';

/**
 * The newest of what the other end named, for those who ask whether it did. It is the other end that says how many names there are, and how
 * long: the oldest are forgotten where they are more than `most`, or take more room than a peer has for what it keeps.
 */
export class Recent<T extends string | number | bigint> {
  readonly #most: number;
  readonly #room = new Room();
  /** With what each costs. */
  readonly #names = new Map<T, number>();

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  add(name: T): void {
    if (this.#names.has(name)) return;
    this.#names.set(name, this.#room.take(bytesOf(name)));
    for (const [oldest, cost] of this.#names) {
      if (this.#names.size <= this.#most && !this.#room.isExhausted) return;
      this.#names.delete(oldest);
      this.#room.leave(cost);
    }
  }

  has(name: T): boolean {
    return this.#names.has(name);
  }

  clear(): void {
    for (const cost of this.#names.values()) this.#room.leave(cost);
    this.#names.clear();
  }
}

/** Two a character, which is the most that an engine takes. */
function bytesOf(name: string | number | bigint): number {
  return typeof name === 'string' ? 2 * name.length : 0;
}
