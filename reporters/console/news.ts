import type { CaseRun } from '../../runner/results/result.ts';

/** A verdict that a known-failures list does not explain, and that is no pass, no skip and not unclear. */
export function isNews(run: Pick<CaseRun, 'expected' | 'verdict'>): boolean {
  if (run.expected === 'stale-known-failure') return true;
  if (run.verdict === 'pass' || run.verdict === 'skip' || run.verdict === 'unclear') return false;
  return run.expected !== 'known-failure' && run.expected !== 'beyond-set';
}
