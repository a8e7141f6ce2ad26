/** Whose requests are, where several clients may ask for the same. */
export interface Ownership<T> {
  /**
   * Whether a call that a request was given to is surely the one that asks: none of another client was waiting with the same rank, neither
   * now nor when one of those was given away.
   */
  isSure(waiting: readonly T[], rank: (each: T) => number | undefined, found: T): boolean;
}

/** Starts with nothing in doubt. */
export function startOwnership<T extends { readonly instance: string }>(): Ownership<T> {
  const doubtful = new Set<T>();
  return {
    isSure(waiting, rank, found) {
      const its = rank(found);
      const rivals = waiting.filter((each) => each.instance !== found.instance && rank(each) === its);
      for (const each of rivals) doubtful.add(each);
      return rivals.length === 0 && !doubtful.has(found);
    },
  };
}
