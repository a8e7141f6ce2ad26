import { TRACE_DIFF_PIECE, type TraceDiff } from '../../viewer/trace-diff.ts';
import { packJson } from './pieces.ts';
import { shell, type ViewerAssets } from './shell.ts';

/** The HTML of a page that lays two traces beside each other, in parts. */
export async function traceDiffPage(diff: TraceDiff, assets: ViewerAssets): Promise<Iterable<string>> {
  return shell(`weir diff: ${diff.report.a.run}, ${diff.report.b.run}`, [await packJson(TRACE_DIFF_PIECE, diff)], assets);
}
