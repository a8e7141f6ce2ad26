import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../runner/files/make-folder.ts';
import { LONGEST_LEFT, readBytes } from '../../runner/files/read.ts';
import { writeOwn } from '../../runner/files/write.ts';
import type { Results } from '../../runner/results/result.ts';
import type { Reporter } from '../reporter.ts';
import type { EvidenceFiles } from './evidence.ts';
import { pageOf } from './page.ts';
import type { ViewerAssets } from './shell.ts';

/** Name of the page in its folder. */
export const PAGE_FILE = 'report.html';

/** Writes `report.html` into a folder: everything in one file, opened without a server. `assets` is the folder of the built viewer. */
export function htmlReporter(folder: string, assets: string): Reporter {
  return {
    async finish(results: Results) {
      makeFolder(folder);
      const text = await pageOf([{ results, folder }], { assets: await readAssets(assets), files: evidenceOnDisk });
      await writeOwn(folder, PAGE_FILE, text);
    },
  };
}

/** Reads the built viewer. Throws an Error that says how to build it where it is not there. */
export async function readAssets(folder: string): Promise<ViewerAssets> {
  try {
    const [script, style] = await Promise.all(['viewer.js', 'viewer.css'].map((file) => readFile(join(folder, file), 'utf8')));
    return { script: script ?? '', style: style ?? '' };
  } catch (error) {
    throw new Error(`the viewer is not built (npm run build makes it): ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Traces and bundles as a run left them. */
export const evidenceOnDisk: EvidenceFiles = {
  async size(path) {
    try {
      const found = await stat(path);
      return found.isFile() ? found.size : undefined;
    } catch {
      return undefined;
    }
  },
  read: async (path) => readBytes(path, LONGEST_LEFT),
};
