import { ZodError } from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { FileError, LONGEST_LEFT, readText } from '../files/read.ts';
import { isLines, resultsOfLines } from '../results/lines.ts';
import { mergeResults } from '../results/merge.ts';
import { type Results, results } from '../results/result.ts';
import { UsageError } from './exit.ts';

/** Reads `results.json`, or the `results.jsonl` of a run that did not come to its end. Throws a `UsageError` where it is none, a `FileError` where it cannot be read. */
export function readResults(file: string): Results {
  try {
    const text = readText(file, LONGEST_LEFT);
    if (text.trim() === '') throw new UsageError(`${file} is empty`);
    return isLines(text) ? resultsOfLines(text) : results.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof FileError || error instanceof UsageError) throw error;
    const why = error instanceof ZodError ? firstIssue(error) : error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is no results file of this version: ${why}`);
  }
}

/** The results of shards as one. Throws a `UsageError` where they do not belong together. */
export function together(parts: readonly Results[]): Results {
  try {
    return mergeResults(parts);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
