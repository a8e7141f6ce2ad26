import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { consoleReporter } from '../../../../reporters/console/console.ts';
import { claimOutput } from '../../claim.ts';
import { exitCodeOf, UsageError, whyNothing } from '../../exit.ts';
import { holdAgainst, leftByShards } from '../../known.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { resultsFileOf } from '../../page-sets.ts';
import type { ReportName } from '../../report-names.ts';
import { fileReporters } from '../../reports.ts';
import { readResults, together } from '../../results-file.ts';
import { terminalOutput } from '../../terminal.ts';
import { bringAlong } from './bring-along.ts';

/** Options of `weir merge`. */
export interface MergeOptions {
  /** Folder for the whole. */
  readonly output: string;
  /** Which reports are written there, beside results.json. */
  readonly report: readonly ReportName[];
}

/** `weir merge`: the results of shards as one, with their traces and bundles. Gives the exit code of the whole. */
export async function mergeCommand(files: readonly string[], options: MergeOptions): Promise<number> {
  const found = files.map(resultsFileOf).map((file) => ({ results: readResults(file), folder: dirname(file) }));
  // What does not belong together leaves no file.
  together(found.map(({ results }) => results));
  const known = await leftByShards(found.map(({ results }) => results));
  makeOutputFolder(options.output);
  const claim = claimOutput(options.output, process);
  const isHere = ({ folder }: { readonly folder: string }): boolean => realpathSync(folder) === realpathSync(options.output);
  if (!found.some(isHere)) claim.clear();
  const { parts, missing } = bringAlong(found, options.output);
  const merged = together(parts);
  const [first] = missing;
  if (first !== undefined) {
    process.stderr.write(`${missing.length} traces and bundles that the results name are not there, the first of them ${oneLine(first)}\n`);
  }
  const reporters = [
    consoleReporter(terminalOutput(process.stdout, process.env), { verbose: false, stories: 10, folder: `${options.output}/` }),
    ...(await fileReporters(options.report, options.output)),
  ];
  for (const reporter of reporters) await reporter.finish(merged);
  claim.release();
  if (!merged.runs.some(({ verdict }) => verdict !== 'skip')) throw new UsageError(`nothing was run: ${whyNothing(merged)}`);
  const code = exitCodeOf(merged.runs);
  return known === undefined ? code : holdAgainst(merged.runs, known, code);
}
