import type { Checkpoint, Finding, Verdict } from '../results/result.ts';
import { settleDisputes } from './dispute.ts';
import { isBinding, type Judgement, type RequirementOf } from './judgement.ts';

/** Judgement of a run as a whole. */
export interface Conclusion extends Judgement {
  readonly verdict: Verdict;
}

/** What the judges of a run say together: disputes settled, findings by weight, and the verdict. */
export function conclude(judgement: Judgement, requirementOf: RequirementOf, strict: boolean): Conclusion {
  const { findings, checkpoints } = settleDisputes(judgement, requirementOf);
  return { findings: byWeight(findings), checkpoints, verdict: verdictOf(findings, checkpoints, strict) };
}

/**
 * The verdict that findings and checkpoints add up to. A run whose checkpoints were not all reached never passes;
 * a broken harness or adapter is an error; a broken MUST fails; anything less warns (fails when `strict`); broken rules
 * that are all disputed are a question. What a waived step kept from being played is not asked for.
 */
export function verdictOf(findings: readonly Finding[], checkpoints: readonly Checkpoint[], strict: boolean): Verdict {
  if (findings.some((finding) => finding.judge === 'harness')) return 'error';
  const broken = findings.filter((finding) => finding.question === undefined);
  if (broken.some((finding) => isBinding(finding.level))) return 'fail';
  if (broken.length > 0) return strict ? 'fail' : 'warn';
  if (findings.length > 0) return 'question';
  const reached = checkpoints.filter((checkpoint) => checkpoint.outcome !== 'not-reached');
  if (reached.length > 0 && reached.length === checkpoints.length) return 'pass';
  return reached.some((checkpoint) => checkpoint.outcome === 'waived') ? 'skip' : 'error';
}

/** The findings with those first that made the verdict: the first of all stands for the run, its fingerprint for the cause. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => weightOf(a) - weightOf(b));
}

function weightOf({ judge, question, level }: Finding): number {
  if (judge === 'harness') return 0;
  if (question !== undefined) return 3;
  return isBinding(level) ? 1 : 2;
}

/** Whether a run was judged, and broke no rule that everyone agrees to be binding. */
export function isFine(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'question' || verdict === 'warn';
}
