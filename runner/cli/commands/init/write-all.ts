import { cpSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeWhole } from '../../../files/write.ts';
import type { NewFile } from '../../../init/scaffold.ts';
import { UsageError } from '../../exit.ts';

/** Something that is copied as it is. */
export interface Copied {
  readonly from: string;
  readonly to: string;
}

/** Writes files and copies others, all or none. Throws a `UsageError` that names what is there already. */
export function writeAll(files: readonly NewFile[], copied: readonly Copied[]): void {
  const there = [...files.map(({ path }) => path), ...copied.map(({ to }) => to)].filter((path) => existsSync(path));
  if (there.length > 0) {
    throw new UsageError(
      `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, and nothing is written over; name another folder`,
    );
  }
  for (const { path, text } of files) {
    makeFolder(dirname(path));
    writeWhole(path, text);
  }
  for (const { from, to } of copied) {
    makeFolder(dirname(to));
    cpSync(from, to, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  }
}
