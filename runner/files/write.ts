import { chmodSync, existsSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { adviceFor } from '../worlds/run-errors.ts';
import { atEnding } from './at-ending.ts';

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

/** What is written: piece by piece where it is long. */
export type Parts = string | Uint8Array | Iterable<string | Uint8Array>;

/**
 * Writes a file that somebody named, whole or not at all: where the disk is full, or the process ends, what stood there stands there still,
 * and where nothing stood there is nothing. A device or a pipe is written to as it is. Throws a `WriteError`.
 */
export function writeWhole(file: string, text: string): void {
  const { first, last, mode } = placeOf(file);
  try {
    if (first !== last) rmSync(first, { force: true });
    writeFileSync(first, text, { flag: first === last ? 'w' : NEW });
    if (mode !== undefined) chmodSync(first, mode);
    if (first !== last) renameSync(first, last);
  } catch (error) {
    if (first !== last) rmSync(first, { force: true });
    throw new WriteError(file, withoutFirst(error, first, last));
  }
}

/** The same of what is long, piece by piece. */
export function writeWholeLater(file: string, parts: Parts): Promise<void> {
  return writeAt(placeOf(file), file, parts);
}

/**
 * The same of a file below a folder that Weir itself named. The folder may be somebody else's: a link that lies there under this name,
 * and leads to who knows what, makes way for the file.
 */
export function writeOwn(folder: string, name: string, parts: Parts): Promise<void> {
  const file = join(folder, name);
  const there = lstatSync(file, { throwIfNoEntry: false });
  return writeAt({ ...beside(file), ...(there?.isFile() === true ? { mode: there.mode } : {}) }, file, parts);
}

/** Writes a file anew: what lies there may be an earlier run's, or a link to elsewhere. Throws the system's error where it cannot be. */
export async function writeAnew(file: string, parts: Parts): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, parts, { flag: NEW });
}

async function writeAt({ first, last, mode }: Place, file: string, parts: Parts): Promise<void> {
  const done = first === last ? undefined : atEnding(process, () => rmSync(first, { force: true }));
  try {
    if (first === last) return await writeFile(last, parts);
    await writeAnew(first, parts);
    if (mode !== undefined) chmodSync(first, mode);
    await rename(first, last);
  } catch (error) {
    if (first !== last) await rm(first, { force: true });
    throw new WriteError(file, withoutFirst(error, first, last));
  } finally {
    done?.();
  }
}

/** A file that is new, and no link that somebody laid there. */
const NEW = 'wx';

/** Where it is written first, and where it is in the end: beside each other, so that a folder keeps what it has. */
interface Place {
  readonly first: string;
  readonly last: string;
  /** What those who may read and write it were. */
  readonly mode?: number;
}

function placeOf(file: string): Place {
  const stats = statSync(file, { throwIfNoEntry: false });
  // What is no file (a device, a pipe, a folder, which is refused) is not replaced by one.
  if (stats !== undefined) return stats.isFile() ? { ...beside(realpathSync(file)), mode: stats.mode } : { first: file, last: file };
  const isNew = lstatSync(file, { throwIfNoEntry: false }) === undefined && existsSync(dirname(file));
  return isNew ? beside(file) : { first: file, last: file };
}

function beside(last: string): Place {
  return { first: join(dirname(last), `.${basename(last)}.${process.pid}`), last };
}

/** An error that names the file that was meant. */
function withoutFirst(error: unknown, first: string, last: string): unknown {
  if (!(error instanceof Error) || first === last) return error;
  return Object.assign(new Error(error.message.replaceAll(first, last), { cause: error }), 'code' in error ? { code: error.code } : {});
}
