import { latin1 } from '../../common/latin1.ts';
import { broken, type Read, shown } from './head.ts';

/** Longest line of a chunk's size, with extensions. */
export const LONGEST_CHUNK_LINE = 4096;

/** The size in bytes that the line of a chunk says (RFC 9112, 7.1): hexadecimal digits, then perhaps extensions. The line of each but the first has the CRLF before it that ends a chunk. */
export function chunkSize(bytes: Uint8Array, isFirst: boolean): Read<number> {
  const text = latin1(bytes);
  if (!isFirst && !text.startsWith('\r\n')) return broken('chunk-end', `bytes behind a chunk that are not its end: ${shown(text)}`);
  const line = text.slice(isFirst ? 0 : 2, -2);
  const [, digits] = /^([0-9A-Fa-f]+)(?:[ \t]*;[\t\u0020-\u007e\u0080-\u00ff]*)?$/.exec(line) ?? [];
  if (digits === undefined) return broken('chunk-size', `a chunk whose size is none: ${shown(line)}`);
  const size = Number.parseInt(digits, 16);
  return Number.isSafeInteger(size)
    ? { ok: true, value: size }
    : broken('chunk-size', `a chunk of a size that nobody can count: ${shown(line)}`);
}

/** What the chunks of a body hold, as far as the body is there and is in chunks. */
export function beginningOfChunks(body: Uint8Array): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const held: Uint8Array[] = [];
  for (let at = 0; ; ) {
    // Behind the first each line begins with the CRLF that ends the chunk before it.
    const isFirst = at === 0;
    const lineEnd = bytes.indexOf('\r\n', isFirst ? 0 : at + 2);
    const size = lineEnd < 0 ? undefined : chunkSize(bytes.subarray(at, lineEnd + 2), isFirst);
    if (size?.ok !== true || size.value === 0) break;
    held.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size.value));
    at = lineEnd + 2 + size.value;
  }
  return Buffer.concat(held);
}
