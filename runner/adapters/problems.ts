/** The ways in which an adapter broke the control protocol: the first few in words, and how many there were. */
export interface ProblemLog {
  add(problem: string): void;
  readonly count: number;
  /** `first; second (and 3 more)`; undefined where there are none. */
  describe(): string | undefined;
}

const KEPT = 3;

/** Makes an empty log. */
export function createProblemLog(): ProblemLog {
  const first: string[] = [];
  let count = 0;
  return {
    add(problem) {
      count += 1;
      if (first.length < KEPT) first.push(problem);
    },
    get count() {
      return count;
    },
    describe() {
      if (count === 0) return undefined;
      const rest = count - first.length;
      return first.join('; ') + (rest > 0 ? ` (and ${rest} more)` : '');
    },
  };
}
