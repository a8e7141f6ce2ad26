import { concatenate } from '../../common/byte-queue.ts';
import { latin1Bytes } from '../../common/latin1.ts';
import type { HttpField } from './head.ts';

/** A head as bytes: its first line, its fields as they are given, the empty line. What is Latin-1 in them stays byte for byte. */
export function headBytes(first: string, fields: readonly HttpField[]): Uint8Array {
  return latin1Bytes(`${first}\r\n${fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`);
}

/** A chunk of a body. An empty one would be the last, so there is none. */
export function chunkBytes(data: Uint8Array): Uint8Array {
  return data.length === 0 ? data : concatenate([latin1Bytes(`${data.length.toString(16)}\r\n`), data, latin1Bytes('\r\n')]);
}

/** What ends a body of chunks. */
export function lastChunk(trailers: readonly HttpField[] = []): Uint8Array {
  return headBytes('0', trailers);
}
