import { makeFolder } from '../files/make-folder.ts';
import { UsageError } from './exit.ts';

/** Makes the folder that reports go to, and those above it, where they are not there. Throws a `UsageError` where it cannot be. */
export function makeOutputFolder(output: string): void {
  try {
    makeFolder(output);
  } catch (error) {
    throw new UsageError(`cannot write reports to ${JSON.stringify(output)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
