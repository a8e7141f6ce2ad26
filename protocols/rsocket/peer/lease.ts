/** How many requests one end may start, and until when (RSOCKET-LEASE-03, -04). */
export interface Grant {
  readonly requests: number;
  readonly ttlMs: number;
}

/** What is left of the newest lease of one direction. */
export class LeaseBook {
  #left = 0;
  #until = 0;

  /** A newer lease replaces what was left of the older one. */
  replace({ requests, ttlMs }: Grant, now: number): void {
    this.#left = requests;
    this.#until = now + ttlMs;
  }

  /** Uses one request up; false where none is permitted. */
  use(now: number): boolean {
    if (this.#left === 0 || now >= this.#until) return false;
    this.#left -= 1;
    return true;
  }
}
