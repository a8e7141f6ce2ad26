import type { Matrix, MatrixRow } from '../results/matrix.ts';

/**
 * A matrix made larger: its rows behind the reference pair again and again, each as an implementation of its own, so that none is folded
 * under another, and its case-runs again and again under other ids. Pure. Throws a RangeError where there is nothing to repeat.
 */
export function enlargeMatrix(matrix: Matrix, columns: number, caseRuns: number): Matrix {
  const own = matrix.caseRuns.length;
  const others = matrix.rows.filter(({ reference }) => !reference);
  if (own === 0 || others.length === 0) throw new RangeError('a matrix without case-runs or implementations cannot be made larger');
  const copies = Array.from({ length: caseRuns }, (_, i) => ({ from: i % own, again: Math.floor(i / own) }));
  const wider = (row: MatrixRow): MatrixRow => ({
    ...row,
    verdicts: copies.map(({ from }) => row.verdicts[from] ?? '-').join(''),
    found: spread(row.found, copies),
    skipped: spread(row.skipped, copies),
    rates: spread(row.rates, copies),
  });
  return {
    ...matrix,
    caseRuns: copies.flatMap(({ from, again }) => {
      const each = matrix.caseRuns[from];
      if (each === undefined) return [];
      return again === 0 ? [each] : [{ ...each, id: each.id.replace('@', `-${again}@`), case: `${each.case}-${again}` }];
    }),
    rows: [
      ...matrix.rows.filter(({ reference }) => reference).map(wider),
      ...Array.from({ length: columns }, (_, i) => {
        const name = `column-${i}`;
        return wider({ ...(others[i % others.length] as MatrixRow), id: name, name, title: `Column ${i}` });
      }),
    ],
  };
}

/** What is told by the index of a case-run, for all copies of it. */
function spread<T>(told: Readonly<Record<string, T>>, copies: readonly { readonly from: number }[]): Record<string, T> {
  return Object.fromEntries(copies.flatMap(({ from }, i) => (told[from] === undefined ? [] : [[String(i), told[from]]])));
}
