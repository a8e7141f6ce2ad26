import { MATRIX_PIECE, type MatrixMatter } from '../../viewer/matrix-data.ts';
import { packJson } from './pieces.ts';
import { shell, type ViewerAssets } from './shell.ts';

/** The page of a matrix, in parts to be written one after another. */
export async function matrixPage(matter: MatrixMatter, assets: ViewerAssets): Promise<Iterable<string>> {
  return shell(`Weir: ${matter.matrix.title}, who passes what`, [await packJson(MATRIX_PIECE, matter)], assets);
}
