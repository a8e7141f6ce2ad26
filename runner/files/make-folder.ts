import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it, where they are not there. Throws the system's error where it cannot be. Folder by folder: where
 * none can be made, below `/proc` or in a working directory that is gone, Node's own `recursive` tries again for ever.
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const above = dirname(folder);
    if (above === folder || existsSync(above)) throw error;
    makeFolder(above);
    mkdirSync(folder);
  }
}
