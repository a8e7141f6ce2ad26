import { ZodError } from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { readJson } from '../files/json.ts';
import { FileError } from '../files/read.ts';
import { mergeResults } from '../results/merge.ts';
import { type Results, results } from '../results/result.ts';
import { UsageError } from './exit.ts';

/** Reads a results file. Throws a `UsageError` where it is none, a `FileError` where it cannot be read. */
export function readResults(file: string): Results {
  try {
    return results.parse(readJson(file));
  } catch (error) {
    if (error instanceof FileError) throw error;
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
