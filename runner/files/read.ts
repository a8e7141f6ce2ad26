import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** Longest file that people write: a case, a manifest, a list of known failures, a frozen set; bytes. The longest there is has 150 KiB. */
export const LONGEST_WRITTEN = 4 * 1024 * 1024;

/** Longest file that a run leaves: results, a bundle, a trace; bytes. More than any run leaves, less than what would exhaust this process. */
export const LONGEST_LEFT = 512 * 1024 * 1024 - 1024;

/** A file that is none, is not there, is too long or may not be read; the message says which, and names it. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** What was wrong, without the name of the file. */
  readonly why: string;

  constructor(file: string, why: string) {
    super(`cannot read ${file}: ${why}`);
    this.why = why;
  }
}

/**
 * Reads a file of `most` bytes or fewer as UTF-8. This is how Weir reads whatever a path of somebody else's names: what is no file
 * (a folder, a device, a pipe, a link that leads nowhere) is refused at once and never waited for. Throws a `FileError`.
 */
export function readText(file: string, most: number): string {
  return readBytes(file, most).toString('utf8');
}

/** The same as bytes. */
export function readBytes(file: string, most: number): Buffer {
  try {
    return read(file, most);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(file, reasonOf(file, error));
  }
}

function read(file: string, most: number): Buffer {
  // What is opened may be a pipe that nobody writes to, so it is looked at first; and again, since it may have changed.
  refuseOther(file, statSync(file));
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    refuseOther(file, stats);
    if (stats.size > most) throw tooLong(file, most);
    const bytes = bytesOf(descriptor, stats.size, most);
    if (bytes === undefined) throw tooLong(file, most);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** All bytes of a file that says it has `size`, which files of the system itself do not know; undefined where they are more than `most`. */
function bytesOf(descriptor: number, size: number, most: number): Buffer | undefined {
  let buffer = Buffer.allocUnsafe(Math.min(size, most) + 1);
  let length = 0;
  for (;;) {
    const got = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (got === 0) return buffer.subarray(0, length);
    length += got;
    if (length > most) return undefined;
    if (length < buffer.length) continue;
    const longer = Buffer.allocUnsafe(Math.min(2 * length + 4096, most + 1));
    buffer.copy(longer, 0, 0, length);
    buffer = longer;
  }
}

function refuseOther(file: string, stats: Stats): void {
  if (!stats.isFile()) throw new FileError(file, `it is ${kindOf(stats)} and no file`);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function tooLong(file: string, most: number): FileError {
  return new FileError(file, `it is longer than the ${most} bytes that are read of such a file`);
}

function reasonOf(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' && isLink(file)) return 'it is a link that leads nowhere';
  if (code === 'ENOENT') return 'there is no such file (ENOENT)';
  if (code === 'ELOOP') return 'it is a link that leads in a circle';
  return error instanceof Error ? error.message : String(error);
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
