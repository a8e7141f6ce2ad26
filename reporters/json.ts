import { jsonText } from '../protocols/common/plain.ts';
import { makeFolder } from '../runner/files/make-folder.ts';
import { writeOwn } from '../runner/files/write.ts';
import type { Results } from '../runner/results/result.ts';
import type { Reporter } from './reporter.ts';

/** Writes `results.json` into a folder; its form is docs/schemas/results.schema.json. */
export function jsonReporter(folder: string): Reporter {
  return {
    async finish(results: Results) {
      makeFolder(folder);
      await writeOwn(folder, 'results.json', `${jsonText(results, 2)}\n`);
    },
  };
}
