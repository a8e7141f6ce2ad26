import { consoleReporter } from '../../../../reporters/console/console.ts';
import { jsonReporter } from '../../../../reporters/json.ts';
import { junitReporter } from '../../../../reporters/junit.ts';
import { exitCodeOf, UsageError, whyNothing } from '../../exit.ts';
import { holdAgainst, leftByShards } from '../../known.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { readResults, together } from '../../results-file.ts';
import { terminalOutput } from '../../terminal.ts';

/** Options of `weir merge`. */
export interface MergeOptions {
  /** Folder for the whole. */
  readonly output: string;
}

/** `weir merge`: the results of shards as one; traces stay where they are. Gives the exit code of the whole. */
export async function mergeCommand(files: readonly string[], options: MergeOptions): Promise<number> {
  const parts = files.map(readResults);
  const merged = together(parts);
  makeOutputFolder(options.output);
  const reporters = [
    consoleReporter(terminalOutput(process.stdout, process.env), { verbose: false, stories: 10 }),
    jsonReporter(options.output),
    junitReporter(options.output),
  ];
  for (const reporter of reporters) await reporter.finish(merged);
  if (!merged.runs.some(({ verdict }) => verdict !== 'skip')) throw new UsageError(`nothing was run: ${whyNothing(merged)}`);
  const code = exitCodeOf(merged.runs);
  const known = await leftByShards(parts);
  return known === undefined ? code : holdAgainst(merged.runs, known, code);
}
