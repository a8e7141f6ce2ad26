import { dirname, join, resolve } from 'node:path';
import { evidenceOnDisk, PAGE_FILE, readAssets } from '../../../../reporters/html/html.ts';
import { pageOf } from '../../../../reporters/html/page.ts';
import { writeOwn, writeWholeLater } from '../../../files/write.ts';
import { openInBrowser } from '../../browser.ts';
import { EXIT } from '../../exit.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { resultsFileOf, setsOf } from '../../page-sets.ts';
import { VIEWER } from '../../reports.ts';

/** Options of `weir report`. */
export interface ReportOptions {
  readonly output?: string;
  readonly open: boolean;
}

/** `weir report`: one page of results that are there. Gives the exit code. */
export async function reportCommand(paths: readonly string[], options: ReportOptions): Promise<number> {
  const sets = setsOf(paths);
  const [first = '.', ...others] = paths;
  const file = options.output ?? (others.length === 0 ? join(dirname(resultsFileOf(first)), PAGE_FILE) : PAGE_FILE);
  makeOutputFolder(dirname(resolve(file)));
  const page = await pageOf(sets, { assets: await readAssets(VIEWER), files: evidenceOnDisk });
  // Beside somebody's results may lie what they laid there.
  await (options.output === undefined ? writeOwn(dirname(file), PAGE_FILE, page) : writeWholeLater(file, page));
  process.stdout.write(`report: ${file}\n`);
  if (options.open && !openInBrowser(resolve(file))) process.stderr.write('there is no browser here to open it\n');
  return EXIT.ok;
}
