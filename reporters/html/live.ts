import { LIVE_PIECE, type LiveHead } from '../../viewer/live.ts';
import { packJson } from './pieces.ts';
import { shell, type ViewerAssets } from './shell.ts';

/** The HTML of a page that follows a tap, in parts. It may ask the server it came from for news, and nothing else. */
export async function livePage(head: LiveHead, assets: ViewerAssets): Promise<Iterable<string>> {
  return shell(`weir tap: ${head.upstream}`, [await packJson(LIVE_PIECE, head)], assets, true);
}
