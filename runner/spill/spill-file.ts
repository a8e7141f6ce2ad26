import { closeSync, mkdtempSync, openSync, readSync, rmSync, writev, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatenate, lengthOf } from '../../protocols/common/byte-queue.ts';

/** Bytes on disk that nobody else sees, since they may hold what reports mask. */
export interface SpillFile {
  /**
   * Adds bytes at the end, pieces one behind the other, which nobody may change afterwards; gives where they begin. They are written while
   * the process goes on, and long ones are not copied. Throws what the file system throws, such as ENOSPC, of bytes before them perhaps.
   */
  append(pieces: readonly Uint8Array[]): number;
  /** The bytes from an offset on. */
  read(offset: number, length: number): Uint8Array;
  /** Gives the disk back. Nothing can be read afterwards. */
  close(): void;
}

/** Bytes on their way to a file; beyond these whoever adds some waits for the disk. */
const UNDER_WAY = 16 * 1024 * 1024;

/** Bytes from which on a piece is written from where it is: shorter ones are gathered first, since each costs more than its copy. */
const WRITTEN_APART = 16 * 1024;

/** Pieces that were added together, and where they begin. */
interface Batch {
  readonly offset: number;
  readonly length: number;
  readonly pieces: readonly Uint8Array[];
}

/** Opens a temporary file that has no name any more, so that it is gone with this process however that ends. */
export function openSpillFile(): SpillFile {
  const folder = mkdtempSync(join(tmpdir(), 'weir-spill-'));
  const descriptor = openSync(join(folder, 'spill'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  /** What is not on disk yet. */
  const underWay = new Set<Batch>();
  let waiting = 0;
  let writing = 0;
  let end = 0;
  let closed = false;
  let failure: Error | undefined;

  /** Writes what of a batch is not written yet. */
  function writeBehind(batch: Batch, left: readonly Uint8Array[], at: number): void {
    writing += 1;
    writev(descriptor, left, at, (error, written) => {
      writing -= 1;
      if (error !== null) failure ??= error;
      else if (at + written < batch.offset + batch.length && !closed) writeBehind(batch, without(left, written), at + written);
      else {
        underWay.delete(batch);
        waiting -= batch.length;
      }
      if (closed && writing === 0) closeSync(descriptor);
    });
  }

  return {
    append(given) {
      if (failure !== undefined) throw failure;
      const pieces = gathered(given);
      const length = lengthOf(pieces);
      const offset = end;
      end += length;
      if (length === 0) return offset;
      if (waiting + length > UNDER_WAY) {
        let left: readonly Uint8Array[] = pieces;
        for (let at = offset; at < end; ) {
          const written = writevSync(descriptor, left, at);
          at += written;
          left = without(left, written);
        }
        return offset;
      }
      const batch = { offset, length, pieces };
      underWay.add(batch);
      waiting += length;
      writeBehind(batch, pieces, offset);
      return offset;
    },
    read(offset, length) {
      for (const { offset: start, length: whole, pieces } of underWay) {
        if (start <= offset && offset + length <= start + whole)
          return concatenate(pieces).subarray(offset - start, offset - start + length);
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

/** The same bytes in fewer pieces: short ones that stand together are copied into one. */
function gathered(pieces: readonly Uint8Array[]): Uint8Array[] {
  const all: Uint8Array[] = [];
  let short: Uint8Array[] = [];
  const endShort = (): void => {
    const [first] = short;
    if (first !== undefined) all.push(short.length === 1 ? first : concatenate(short));
    short = [];
  };
  for (const piece of pieces) {
    if (piece.length < WRITTEN_APART) {
      if (piece.length > 0) short.push(piece);
      continue;
    }
    endShort();
    all.push(piece);
  }
  endShort();
  return all;
}

/** What is left of pieces when so many bytes of them are written. */
function without(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
  let over = written;
  return pieces.flatMap((piece) => {
    const from = Math.min(over, piece.length);
    over -= from;
    return from === piece.length ? [] : [piece.subarray(from)];
  });
}
