/**
 * The first of those with the lowest rank; undefined ranks are out. Nothing is looked at behind one of rank 0, so that the first of many
 * that are all alike is found at once.
 */
export function foremost<T>(all: readonly T[], rank: (each: T) => number | undefined): T | undefined {
  let best: T | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const each of all) {
    const its = rank(each);
    if (its === 0) return each;
    if (its !== undefined && its < lowest) [best, lowest] = [each, its];
  }
  return best;
}
