import type { CaseRun } from './result.ts';

/** Whether a case-run makes a command end with findings. Warnings and questions do not, nor what nobody confirmed. */
export function breaksBuild({ expected, verdict }: Pick<CaseRun, 'expected' | 'verdict'>): boolean {
  if (expected === 'beyond-set' || expected === 'not-confirmed') return false;
  return expected === 'stale-known-failure' || verdict === 'error' || (verdict === 'fail' && expected !== 'known-failure');
}

/** Whether the adapter process of a case-run broke in it: it leaves the case unjudged, or the implementation ended it. */
export function brokeItsAdapter({ verdict, findings }: Pick<CaseRun, 'verdict' | 'findings'>): boolean {
  return verdict === 'error' || findings.some(({ fingerprint }) => fingerprint.startsWith('crash/'));
}

/** A verdict that no list explains, or that says a list is wrong: to be confirmed before it is told. */
export function isNews({ expected, verdict }: Pick<CaseRun, 'expected' | 'verdict'>): boolean {
  return expected === 'new-failure' || expected === 'stale-known-failure' || verdict === 'warn' || verdict === 'question';
}
