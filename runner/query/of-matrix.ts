import type { Matrix, MatrixRow } from '../results/matrix.ts';
import { verdictOf } from '../results/matrix-letters.ts';
import type { VerdictCell, VerdictTable } from './table.ts';

/** A matrix as a table: a column for each row of it that was run, older versions before newer ones. Known failures are not told apart there. */
export function tableOfMatrix(matrix: Matrix): VerdictTable {
  // Rows of one implementation stand newest first.
  const rows = matrix.rows.filter(({ state }) => state !== 'not-set-up').toReversed();
  return {
    columns: rows.map(({ id, name, version }) => ({ id, name, version, track: name })),
    rows: matrix.caseRuns.map(({ id, area, role, binding, title, requirements }, i) => ({
      ...{ id, area, role, binding, title, requirements },
      cells: rows.map((row) => cellOf(matrix, row, i)),
    })),
  };
}

function cellOf({ findings }: Matrix, row: MatrixRow, index: number): VerdictCell | undefined {
  const verdict = verdictOf(row.verdicts[index]);
  if (verdict === undefined) return undefined;
  const found = (row.found[index] ?? []).flatMap((at) => findings[at] ?? []);
  return {
    verdict,
    broken: found.flatMap(({ requirement }) => requirement ?? []),
    causes: found.map(({ fingerprint }) => fingerprint),
    flaky: Object.hasOwn(row.rates, index),
    known: undefined,
  };
}
