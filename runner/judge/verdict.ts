import type { Checkpoint, Finding, Verdict } from '../results/result.ts';

/**
 * The verdict that findings and checkpoints add up to. A run whose checkpoints were not all reached never passes;
 * a broken harness or adapter is an error; a broken MUST fails; anything less warns (fails when `strict`).
 */
export function verdictOf(findings: readonly Finding[], checkpoints: readonly Checkpoint[], strict: boolean): Verdict {
  if (findings.some((finding) => finding.judge === 'harness')) return 'error';
  if (findings.some((finding) => isBinding(finding.level))) return 'fail';
  if (findings.length > 0) return strict ? 'fail' : 'warn';
  const reached = checkpoints.filter((checkpoint) => checkpoint.outcome !== 'not-reached');
  return reached.length === 0 || reached.length < checkpoints.length ? 'error' : 'pass';
}

/** The findings with those first that made the verdict: the first of all stands for the run, its fingerprint for the cause. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  const weight = (finding: Finding): number => (finding.judge === 'harness' ? 0 : isBinding(finding.level) ? 1 : 2);
  return findings.toSorted((a, b) => weight(a) - weight(b));
}

/** Whether breaking a rule of this level is a failure rather than a warning. */
export function isBinding(level: Finding['level']): boolean {
  switch (level) {
    case 'MUST':
    case 'MUST-NOT':
      return true;
    case 'SHOULD':
    case 'MAY':
    case 'IMPL':
      return false;
  }
}
