import type { Matrix, MatrixCase, MatrixRow } from './matrix.ts';
import { NOT_RUN } from './matrix-letters.ts';

/** What one version does otherwise than the one before it. */
export interface VersionChange {
  readonly row: MatrixRow;
  /** The next older version of the same implementation. */
  readonly before: MatrixRow;
  readonly fixed: readonly MatrixCase[];
  readonly broken: readonly MatrixCase[];
}

/** When a case-run last changed its verdict. */
export interface MatrixChange {
  readonly row: string;
  /** Id of the case-run. */
  readonly id: string;
  /** When the first matrix was made that saw it as it is. */
  readonly since: string;
  readonly before: string;
  readonly now: string;
  /** worse: a regression; better: mended; flips: it has been so before, and otherwise in between; corpus: the case itself has changed meanwhile. */
  readonly kind: 'worse' | 'better' | 'flips' | 'corpus';
}

/** How good a verdict is, of those that say something of the implementation. */
const RANK: Readonly<Record<string, number>> = { p: 3, q: 2, w: 1, f: 0 };

/** -1: worse than before, 1: better, 0: neither, or one of them says nothing. */
export function compareVerdicts(before: string, now: string): -1 | 0 | 1 {
  const [a, b] = [RANK[before], RANK[now]];
  if (a === undefined || b === undefined || a === b) return 0;
  return b > a ? 1 : -1;
}

/** For each row that has an older version below it: what got better, what worse. Flaky case-runs are left out. */
export function changesOf({ rows, caseRuns }: Pick<Matrix, 'rows' | 'caseRuns'>): VersionChange[] {
  return rows.flatMap((row, i) => {
    const before = rows[i + 1];
    if (before === undefined || before.name !== row.name || row.verdicts === '' || before.verdicts === '') return [];
    const fixed: MatrixCase[] = [];
    const broken: MatrixCase[] = [];
    for (const [index, each] of caseRuns.entries()) {
      if (Object.hasOwn(row.rates, index) || Object.hasOwn(before.rates, index)) continue;
      const way = compareVerdicts(before.verdicts[index] ?? NOT_RUN, row.verdicts[index] ?? NOT_RUN);
      if (way > 0) fixed.push(each);
      if (way < 0) broken.push(each);
    }
    return fixed.length + broken.length === 0 ? [] : [{ row, before, fixed, broken }];
  });
}
