/** How much of the combinations of a file is run: all, every pair of values, or every value. */
export const AMOUNTS = ['full', 'pairwise', 'smoke'] as const;

/** How much of the combinations of a file is run. */
export type Amount = (typeof AMOUNTS)[number];
