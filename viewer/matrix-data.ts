import type { Matrix } from '../runner/results/matrix.ts';
import type { MatrixChange } from '../runner/results/matrix-changes.ts';
import type { PieceId } from './page.ts';

/** The piece of a page that shows a matrix: a `MatrixMatter`. Where it is there, the page is one. */
export const MATRIX_PIECE: PieceId = 'matrix';

/** Everything that the page of a matrix shows. */
export interface MatrixMatter {
  readonly matrix: Matrix;
  readonly changes: readonly MatrixChange[];
  /** By index of a row: its set in `evidence.html`, which lies beside the page. */
  readonly evidence: Readonly<Record<string, number>>;
}
