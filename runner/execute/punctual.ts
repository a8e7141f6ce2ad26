/** Ms of wall clock that those who take part in a run have lost in it. */
export interface Lost {
  /** The runner's event loop. */
  readonly runner: number;
  /** The adapter's process, by its answers to pings. */
  readonly adapter: number;
}

/** How punctual everyone was in one performance. */
export interface Punctuality {
  /** In the whole run. */
  readonly lost: Lost;
  /** In each step that was carried out, both together. */
  readonly steps: readonly number[];
  /** The adapter's process had carried out nothing before: what it loads at its first call takes time that no later one does. */
  readonly fresh: boolean;
}

/** Everyone was punctual, or nobody asked: where both ends and the clock live in one process. */
export const PUNCTUAL: Punctuality = { lost: { runner: 0, adapter: 0 }, steps: [], fresh: false };
