import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './exit.ts';

/** Makes the folder that reports go to, and those above it, where they are not there. Throws a `UsageError` where it cannot be. */
export function makeOutputFolder(output: string): void {
  try {
    make(output);
  } catch (error) {
    throw new UsageError(`cannot write reports to ${JSON.stringify(output)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Folder by folder: below `/proc`, where none can be made, Node's own `recursive` tries again for ever. */
function make(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const above = dirname(folder);
    if (existsSync(above)) throw error;
    make(above);
    mkdirSync(folder);
  }
}
