import type { CaseRun } from '../../runner/results/result.ts';

/** A verdict that a known-failures list does not explain, and that is neither a pass nor a skip. */
export function isNews(run: Pick<CaseRun, 'expected' | 'verdict'>): boolean {
  if (run.expected === 'stale-known-failure') return true;
  return run.expected !== 'known-failure' && run.expected !== 'beyond-set' && run.verdict !== 'pass' && run.verdict !== 'skip';
}
