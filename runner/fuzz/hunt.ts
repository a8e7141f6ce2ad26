import type { Completed } from '../execute/case-run.ts';
import { type CampaignPlan, campaign, type Failure, newsOf } from './campaign.ts';

/** What a hunt came to. */
export interface HuntOutcome {
  /** Scenarios that were run. */
  readonly runs: number;
  /** Failures that were told. */
  readonly told: number;
  /** How many scenarios failed for nothing but what the plan knows, by the fingerprint that weighed most. */
  readonly known: ReadonlyMap<string, number>;
  /** The same of what was told before. */
  readonly again: ReadonlyMap<string, number>;
}

/**
 * Goes on over what it finds: each failure is told once, and what fails as one that was told is counted. `tell` gives the case-runs that show
 * what was told: whatever they fail for is told with it. It gives undefined where the failure did not come again.
 */
export async function hunt(
  plan: CampaignPlan,
  tell: (failure: Failure, plan: CampaignPlan) => Promise<readonly Completed[] | undefined>,
): Promise<HuntOutcome> {
  const causes = new Set<string>();
  const all = { ...plan, known: (fingerprint: string) => plan.known(fingerprint) || causes.has(fingerprint) };
  const counts = new Map<string, number>();
  const count = (fingerprint: string, times: number): void => void counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + times);
  let runs = 0;
  let told = 0;
  for (let first = plan.first ?? 0; ; ) {
    const outcome = await campaign({ ...all, first });
    runs += outcome.runs;
    first = outcome.next;
    for (const [fingerprint, times] of outcome.known) count(fingerprint, times);
    if (outcome.failures.length === 0) break;
    for (const failure of outcome.failures) {
      const news = newsOf(failure.completed, all);
      if (news === undefined) {
        // What ran beside it was told meanwhile.
        const [old] = failure.completed.judged.findings;
        if (old !== undefined) count(old.fingerprint, 1);
        continue;
      }
      const shown = await tell(failure, all);
      if (shown === undefined) continue;
      told += 1;
      causes.add(news.fingerprint);
      for (const { judged } of shown) for (const { fingerprint } of judged.findings) causes.add(fingerprint);
    }
  }
  const those = (isKnown: boolean): ReadonlyMap<string, number> =>
    new Map([...counts].filter(([fingerprint]) => plan.known(fingerprint) === isKnown));
  return { runs, told, known: those(true), again: those(false) };
}
