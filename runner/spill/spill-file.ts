import { closeSync, mkdtempSync, openSync, readSync, rmSync, write, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes on disk that nobody else sees, since they may hold what reports mask. */
export interface SpillFile {
  /**
   * Adds bytes at the end, which nobody may change afterwards; gives where they begin. They are written while the process goes on.
   * Throws what the file system throws, such as ENOSPC, of bytes before them perhaps.
   */
  append(bytes: Uint8Array): number;
  /** The bytes from an offset on. */
  read(offset: number, length: number): Uint8Array;
  /** Gives the disk back. Nothing can be read afterwards. */
  close(): void;
}

/** Bytes on their way to a file; beyond these whoever adds some waits for the disk. */
const UNDER_WAY = 16 * 1024 * 1024;

/** Opens a temporary file that has no name any more, so that it is gone with this process however that ends. */
export function openSpillFile(): SpillFile {
  const folder = mkdtempSync(join(tmpdir(), 'weir-spill-'));
  const descriptor = openSync(join(folder, 'spill'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  /** What is not on disk yet, by its offset. */
  const underWay = new Map<number, Uint8Array>();
  let waiting = 0;
  let writing = 0;
  let end = 0;
  let closed = false;
  let failure: Error | undefined;

  function writeBehind(bytes: Uint8Array, offset: number, from = 0): void {
    writing += 1;
    write(descriptor, bytes, from, bytes.length - from, offset + from, (error, written) => {
      writing -= 1;
      if (error !== null) failure ??= error;
      else if (from + written < bytes.length && !closed) writeBehind(bytes, offset, from + written);
      else {
        underWay.delete(offset);
        waiting -= bytes.length;
      }
      if (closed && writing === 0) closeSync(descriptor);
    });
  }

  return {
    append(bytes) {
      if (failure !== undefined) throw failure;
      const offset = end;
      end += bytes.length;
      if (waiting + bytes.length > UNDER_WAY) {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, offset + at);
        return offset;
      }
      underWay.set(offset, bytes);
      waiting += bytes.length;
      writeBehind(bytes, offset);
      return offset;
    },
    read(offset, length) {
      for (const [start, bytes] of underWay) {
        if (start <= offset && offset + length <= start + bytes.length) return bytes.subarray(offset - start, offset - start + length);
      }
      const bytes = new Uint8Array(length);
      let at = 0;
      for (let got = -1; got !== 0 && at < length; at += got) got = readSync(descriptor, bytes, at, length - at, offset + at);
      return bytes.subarray(0, at);
    },
    close() {
      closed = true;
      underWay.clear();
      if (writing === 0) closeSync(descriptor);
    },
  };
}
