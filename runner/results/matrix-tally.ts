import type { Matrix, MatrixPair, MatrixRow } from './matrix.ts';
import { NOT_RUN } from './matrix-letters.ts';

/** What became of the case-runs of one cell. */
export interface Tally {
  /** Case-runs that were planned for this row. */
  readonly total: number;
  /** Those of them that came to a verdict on the implementation. */
  readonly judged: number;
  readonly pass: number;
  /** A MUST is broken. */
  readonly fail: number;
  /** A SHOULD or a habit is broken. */
  readonly warn: number;
  readonly question: number;
  /** Not supported, with a reason. */
  readonly skip: number;
  /** Ended in an error, or unclear. */
  readonly error: number;
  /** Not always the same verdict; each of them is counted under its worst one, too. */
  readonly flaky: number;
}

/** Kinds of trouble, the gravest first. */
export const TROUBLES = ['fail', 'warn', 'question', 'flaky', 'error'] as const;
/** A kind of trouble of a cell. */
export type Trouble = (typeof TROUBLES)[number];

/** Counts a cell; without an area the whole row. */
export function tallyOf({ caseRuns }: Pick<Matrix, 'caseRuns'>, row: Pick<MatrixRow, 'verdicts' | 'rates'>, area?: string): Tally {
  const counts = { p: 0, f: 0, w: 0, q: 0, s: 0, e: 0, u: 0, flaky: 0 };
  for (const [i, each] of caseRuns.entries()) {
    if (area !== undefined && each.area !== area) continue;
    const letter = row.verdicts[i] ?? NOT_RUN;
    if (letter in counts) counts[letter as 'p'] += 1;
    if (Object.hasOwn(row.rates, i)) counts.flaky += 1;
  }
  const { p, f, w, q, s, e, u, flaky } = counts;
  return { ...tallyOfCounts({ pass: p, fail: f, warn: w, question: q, skip: s, error: e, unclear: u }), flaky };
}

/** The cell of case-runs that are counted by verdict already. */
export function tallyOfCounts(counts: MatrixPair['counts']): Tally {
  const { pass = 0, fail = 0, warn = 0, question = 0, skip = 0, error = 0, unclear = 0 } = counts;
  const judged = pass + fail + warn + question;
  return { total: judged + skip + error + unclear, judged, pass, fail, warn, question, skip, error: error + unclear, flaky: 0 };
}

/** The kinds of trouble that a cell has. */
export function troubleOf(tally: Tally): Trouble[] {
  return TROUBLES.filter((kind) => tally[kind] > 0);
}
