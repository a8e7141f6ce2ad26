import { repeatsOf } from './repeats.ts';
import type { CaseRun, Rate } from './result.ts';

/** Rates of all case-runs that were made more than once, the least steady first, then in the order of the runs. */
export function ratesOf(runs: readonly Pick<CaseRun, 'id' | 'verdict'>[]): Rate[] {
  const rates = [...repeatsOf(runs)].map(([id, repeats]): Rate => {
    const counts: Rate['counts'] = {};
    for (const { verdict } of repeats) counts[verdict] = (counts[verdict] ?? 0) + 1;
    return { id, times: repeats.length, counts };
  });
  const steadiness = ({ counts, times }: Rate): number => Math.max(...Object.values(counts)) / times;
  return rates.filter(({ times }) => times > 1).sort((a, b) => steadiness(a) - steadiness(b));
}
