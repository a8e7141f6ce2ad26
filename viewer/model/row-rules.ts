import type { Matrix, MatrixCase, MatrixFinding, MatrixRow } from '../../runner/results/matrix.ts';
import { type RuleWeight, WEIGHTS, weightOf } from './broken-rules.ts';

/** A case-run of a row that is no pass. */
export interface BrokenRun {
  /** Its place in the matrix. */
  readonly index: number;
  readonly each: MatrixCase;
  readonly finding: MatrixFinding;
}

/** A rule that is broken in a row, and where. */
export interface BrokenRule {
  readonly id: string;
  /** `question` where it is disputed. */
  readonly level: string;
  readonly weight: RuleWeight;
  readonly broken: readonly BrokenRun[];
}

/** What is broken in a row (or in one area of it), by rule: MUSTs before the rest, questions last, then what is broken most often. */
export function brokenRules(matrix: Matrix, row: MatrixRow, area: string | undefined): BrokenRule[] {
  const rules = new Map<string, { id: string; level: string; weight: RuleWeight; broken: BrokenRun[] }>();
  for (const [key, places] of Object.entries(row.found)) {
    const index = Number(key);
    const each = matrix.caseRuns[index];
    if (each === undefined || (area !== undefined && each.area !== area)) continue;
    const named = new Set<string>();
    for (const place of places) {
      const finding = matrix.findings[place];
      if (finding === undefined) continue;
      const weight = weightOf(finding);
      const level = weight === 'question' ? weight : finding.level;
      const id = `${weight} ${level} ${finding.requirement ?? ''}`;
      if (named.has(id)) continue;
      named.add(id);
      const entry = rules.get(id) ?? { id: finding.requirement ?? '', level, weight, broken: [] };
      entry.broken.push({ index, each, finding });
      rules.set(id, entry);
    }
  }
  return [...rules.values()].sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) || b.broken.length - a.broken.length);
}

/** Why case-runs of a row (or of one area of it) were skipped, and how many for each reason: the most frequent first. */
export function skippedFor(matrix: Matrix, row: MatrixRow, area: string | undefined): [string, number][] {
  const reasons = new Map<string, number>();
  for (const [key, place] of Object.entries(row.skipped)) {
    if (area !== undefined && matrix.caseRuns[Number(key)]?.area !== area) continue;
    const reason = matrix.reasons[place] ?? '';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].sort((a, b) => b[1] - a[1]);
}
