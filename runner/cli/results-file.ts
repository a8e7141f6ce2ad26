import { readFileSync } from 'node:fs';
import { ZodError } from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { type Results, results } from '../results/result.ts';
import { UsageError } from './exit.ts';

/** Reads a results file. Throws a `UsageError` where it is none. */
export function readResults(file: string): Results {
  try {
    return results.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof ZodError ? firstIssue(error) : error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is no results file of this version: ${why}`);
  }
}
