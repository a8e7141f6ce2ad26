import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes on disk that nobody else sees, since they may hold what reports mask. */
export interface SpillFile {
  /** Adds bytes at the end; gives where they begin. Throws what the file system throws, such as ENOSPC. */
  append(bytes: Uint8Array): number;
  /** The bytes from an offset on. */
  read(offset: number, length: number): Uint8Array;
  /** Gives the disk back. Nothing can be read afterwards. */
  close(): void;
}

/** Opens a temporary file that has no name any more, so that it is gone with this process however that ends. */
export function openSpillFile(): SpillFile {
  const folder = mkdtempSync(join(tmpdir(), 'weir-spill-'));
  const descriptor = openSync(join(folder, 'spill'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  let end = 0;
  return {
    append(bytes) {
      const offset = end;
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, offset + at);
      end += bytes.length;
      return offset;
    },
    read(offset, length) {
      const bytes = new Uint8Array(length);
      let at = 0;
      for (let got = -1; got !== 0 && at < length; at += got) got = readSync(descriptor, bytes, at, length - at, offset + at);
      return bytes.subarray(0, at);
    },
    close() {
      closeSync(descriptor);
    },
  };
}
