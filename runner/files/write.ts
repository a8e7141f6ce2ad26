import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { adviceFor } from '../worlds/run-errors.ts';

/** A file that cannot be written; the message names it, says why, and what to do where the machine refused it. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  /** Whether the machine refused it, as it would any other file there. */
  readonly isLimit: boolean;

  constructor(file: string, cause: unknown) {
    const advice = adviceFor(cause instanceof Error && 'code' in cause ? cause.code : undefined);
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`cannot write ${file}: ${advice === undefined ? why : `${why}: ${advice}`}`, { cause });
    this.isLimit = advice !== undefined;
  }
}

/**
 * Writes a file that somebody named, whole or not at all: where the disk is full, or the process ends, what stood there stands there still.
 * A device or a pipe is written to as it is. Throws a `WriteError`.
 */
export function writeWhole(file: string, text: string): void {
  const place = placeOf(file);
  try {
    writeFileSync(place.first, text);
    if (place.mode !== undefined) chmodSync(place.first, place.mode);
    if (place.first !== place.last) renameSync(place.first, place.last);
  } catch (error) {
    if (place.first !== place.last) rmSync(place.first, { force: true });
    throw new WriteError(file, error);
  }
}

/** The same of what is long, piece by piece. */
export async function writeWholeLater(file: string, parts: string | Uint8Array | Iterable<string | Uint8Array>): Promise<void> {
  const place = placeOf(file);
  try {
    await writeFile(place.first, parts);
    if (place.mode !== undefined) chmodSync(place.first, place.mode);
    if (place.first !== place.last) await rename(place.first, place.last);
  } catch (error) {
    if (place.first !== place.last) await rm(place.first, { force: true });
    throw new WriteError(file, error);
  }
}

/** Where it is written first, and where it is in the end: beside each other, so that a folder keeps what it has. */
interface Place {
  readonly first: string;
  readonly last: string;
  /** What those who may read and write it were. */
  readonly mode?: number;
}

function placeOf(file: string): Place {
  const stats = statSync(file, { throwIfNoEntry: false });
  // What is no file (a device, a pipe, a folder, which is refused) is not replaced by one; nor is what nothing stands in.
  if (stats?.isFile() !== true || stats.size === 0) return { first: file, last: file };
  const last = realpathSync(file);
  return { first: join(dirname(last), `.${basename(last)}.${process.pid}`), last, mode: stats.mode };
}
