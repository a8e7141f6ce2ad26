import { makeFolder } from '../runner/files/make-folder.ts';
import { writeOwn } from '../runner/files/write.ts';
import type { Results } from '../runner/results/result.ts';
import type { Reporter } from './reporter.ts';

/** A reporter that writes one file into a folder when a run is over. */
export function fileReporter(folder: string, name: string, text: (results: Results) => string): Reporter {
  return {
    async finish(results: Results) {
      makeFolder(folder);
      await writeOwn(folder, name, text(results));
    },
  };
}
