import type { CaseRun, Verdict } from './result.ts';

/** How often a case-run gave which verdict when it was repeated. */
export interface Rate {
  /** Id without the number of the repeat. */
  readonly id: string;
  readonly times: number;
  readonly counts: Readonly<Partial<Record<Verdict, number>>>;
}

/** Rates of all case-runs that were made more than once and did not agree with themselves, the least stable first. */
export function changedVerdicts(runs: readonly Pick<CaseRun, 'id' | 'verdict'>[]): Rate[] {
  const rates = new Map<string, { times: number; counts: Partial<Record<Verdict, number>> }>();
  for (const { id, verdict } of runs) {
    const key = id.replace(/#\d+$/, '');
    const rate = rates.get(key) ?? { times: 0, counts: {} };
    rate.times += 1;
    rate.counts[verdict] = (rate.counts[verdict] ?? 0) + 1;
    rates.set(key, rate);
  }
  const share = (rate: Rate): number => Math.max(...Object.values(rate.counts)) / rate.times;
  return [...rates]
    .map(([id, rate]) => ({ id, ...rate }))
    .filter((rate) => Object.keys(rate.counts).length > 1)
    .sort((a, b) => share(a) - share(b));
}
