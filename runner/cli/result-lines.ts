import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText } from '../../protocols/common/plain.ts';
import type { LinesHead } from '../results/lines.ts';
import type { CaseRun } from '../results/result.ts';

/** Name of the file below the output folder. */
export const LINES_FILE = 'results.jsonl';

/** What is known of a run, on disk as soon as it is. */
export interface ResultLines {
  add(run: CaseRun): void;
  /** Gives why lines are missing, where some could not be written. */
  close(): string | undefined;
}

/** Opens `results.jsonl` anew and writes its head. Each line is written at once: what ends this process at once leaves the lines before. */
export function openResultLines(folder: string, head: LinesHead): ResultLines {
  let failure: string | undefined;
  const attempt = (write: () => void): void => {
    if (failure !== undefined) return;
    try {
      write();
    } catch (error) {
      // The reports at the end say it all, if there is room for them.
      failure = error instanceof Error ? error.message : String(error);
    }
  };
  let file: number | undefined;
  attempt(() => {
    file = openSync(join(folder, LINES_FILE), 'w');
    writeSync(file, `${jsonText(head)}\n`);
  });
  return {
    add(run) {
      attempt(() => file !== undefined && writeSync(file, `${jsonText(run)}\n`));
    },
    close() {
      attempt(() => file !== undefined && closeSync(file));
      return failure;
    },
  };
}
