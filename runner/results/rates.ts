import { withoutRepeat } from '../plan/run-id.ts';
import type { CaseRun, Rate } from './result.ts';

/** Rates of all case-runs that were made more than once, the least steady first, then in the order of the runs. */
export function ratesOf(runs: readonly Pick<CaseRun, 'id' | 'verdict'>[]): Rate[] {
  const rates = new Map<string, Rate>();
  for (const { id, verdict } of runs) {
    const key = withoutRepeat(id);
    const rate = rates.get(key) ?? { id: key, times: 0, counts: {} };
    rate.times += 1;
    rate.counts[verdict] = (rate.counts[verdict] ?? 0) + 1;
    rates.set(key, rate);
  }
  const steadiness = ({ counts, times }: Rate): number => Math.max(...Object.values(counts)) / times;
  return [...rates.values()].filter(({ times }) => times > 1).sort((a, b) => steadiness(a) - steadiness(b));
}
