import { dirname } from 'node:path';
import { ZodError } from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { parseJson } from '../files/json.ts';
import { FileError, LONGEST_LEFT, readText } from '../files/read.ts';
import { staysWithin } from '../files/within.ts';
import { isLines, resultsOfLines } from '../results/lines.ts';
import { mergeResults } from '../results/merge.ts';
import { type CaseRun, type Results, results } from '../results/result.ts';
import { asUsage, UsageError } from './exit.ts';

/** Reads `results.json`, or the `results.jsonl` of a run that did not come to its end. Throws a `UsageError` where it is none, a `FileError` where it cannot be read. */
export function readResults(file: string): Results {
  try {
    const text = readText(file, LONGEST_LEFT);
    if (text.trim() === '') throw new UsageError(`${file} is empty`);
    return withOwnEvidence(isLines(text) ? resultsOfLines(text) : results.parse(parseJson(text)), dirname(file));
  } catch (error) {
    if (error instanceof FileError || error instanceof UsageError) throw error;
    const why = error instanceof ZodError ? firstIssue(error) : error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is no results file of this version: ${why}`);
  }
}

/** Results that name only evidence of their own folder: they may be somebody else's, and what they name is read, copied and handed on. */
function withOwnEvidence(read: Results, folder: string): Results {
  let others = 0;
  const own = (path: string | undefined): string | undefined => {
    if (path === undefined || staysWithin(folder, path)) return path;
    others += 1;
    return undefined;
  };
  const runs = read.runs.map(({ trace, bundle, ...run }): CaseRun => {
    const [ownTrace, ownBundle] = [own(trace), own(bundle)];
    return { ...run, ...(ownTrace === undefined ? {} : { trace: ownTrace }), ...(ownBundle === undefined ? {} : { bundle: ownBundle }) };
  });
  if (others === 0) return read;
  const warning = `${others} ${others === 1 ? 'trace or bundle' : 'traces and bundles'} that the results name ${others === 1 ? 'lies' : 'lie'} outside of their folder, and ${others === 1 ? 'is' : 'are'} not read`;
  return { ...read, runs, warnings: [...(read.warnings ?? []), warning] };
}

/** The results of shards as one. Throws a `UsageError` where they do not belong together. */
export function together(parts: readonly Results[]): Results {
  return asUsage(() => mergeResults(parts));
}
