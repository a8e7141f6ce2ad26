import { closeSync, constants, openSync, statSync } from 'node:fs';
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

/** Looks into it before the work and not after it. A pipe is taken as it is: it waits for whoever reads. Throws a `UsageError`. */
export function mustBeWritable(file: string, what = file): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO() === true) return;
  try {
    closeSync(openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o666));
  } catch (error) {
    throw new UsageError(`cannot write ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
