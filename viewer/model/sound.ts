import type { CaseRun } from '../../runner/results/result.ts';
import { count } from './text.ts';

/** What is said of traffic of no case in which nothing was broken: how much was looked at. Undefined of anything else. */
export function soundSays({
  verdict,
  requirements,
  findings,
  checkpoints,
}: Pick<CaseRun, 'verdict' | 'requirements' | 'findings' | 'checkpoints'>): string | undefined {
  if (verdict !== 'pass' || requirements.length > 0 || findings.length > 0) return undefined;
  const examined = new Set(checkpoints.flatMap(({ outcome, requirements: rules }) => (outcome === 'not-reached' ? [] : rules)));
  return `Nothing was broken of ${count(examined.size, 'requirement')} examined.`;
}
