/** How often a case was seen to fail for one reason: the measured share of `runs` runs. */
export interface FlakeRate {
  /** Share of the runs that failed, above 0 and below 1. */
  readonly rate: number;
  /** How many runs were measured. */
  readonly runs: number;
}

/** Below this probability what was seen is not put down to chance. */
const CHANCE = 0.01;

/** What new runs say of a measured rate. */
export type FlakeVerdict = 'within' | 'fails-too-often' | 'fails-too-seldom';

/**
 * Whether `failed` of `ran` runs fit a measured rate. The rate itself was measured on a sample, so the bounds that the sample
 * allows (Wilson's interval, 99 %) are what is compared with.
 */
export function judgeFlake({ rate, runs }: FlakeRate, failed: number, ran: number): FlakeVerdict {
  const { low, high } = wilson(rate, runs);
  if (atLeast(failed, ran, high) < CHANCE) return 'fails-too-often';
  if (1 - atLeast(failed + 1, ran, low) < CHANCE) return 'fails-too-seldom';
  return 'within';
}

/** The interval in which the true rate lies with 99 %. */
function wilson(rate: number, runs: number): { low: number; high: number } {
  const z = 2.576;
  const spread = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  const centre = rate + (z * z) / (2 * runs);
  const scale = 1 + (z * z) / runs;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** Probability of at least `k` hits in `n` tries of probability `p`, 0 < `p` < 1. In logarithms, since `n` may be large. */
function atLeast(k: number, n: number, p: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let hits = 0; hits <= n; hits += 1) {
    if (hits > 0) logChoose += Math.log((n - hits + 1) / hits);
    if (hits >= k) sum += Math.exp(logChoose + hits * Math.log(p) + (n - hits) * Math.log(1 - p));
  }
  return Math.min(1, sum);
}
