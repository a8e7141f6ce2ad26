/** The time in which failures are made smaller, all in all, as a share of the time of the search. */
const SHRINKING = 1;

/** How long a search goes on: the time in which failures are made smaller is no part of it, and has a bound of its own. */
export interface SearchClock {
  isOver(): boolean;
  /** How long it went on, ms. */
  searched(): number;
  /** Makes something smaller, until half of the time that is left for that is over. */
  shrinking<T>(make: (over: () => boolean) => Promise<T>): Promise<T>;
}

/** Starts a search of `forMs`. */
export function searchClock(forMs: number, now: () => number): SearchClock {
  const began = now();
  let shrunk = 0;
  let left = forMs * SHRINKING;
  const searched = (): number => now() - began - shrunk;
  return {
    searched,
    isOver: () => searched() > forMs,
    async shrinking(make) {
      const from = now();
      const most = left / 2;
      try {
        return await make(() => now() - from > most);
      } finally {
        const took = now() - from;
        shrunk += took;
        left = Math.max(0, left - took);
      }
    },
  };
}
