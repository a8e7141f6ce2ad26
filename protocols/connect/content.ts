import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { type HttpField, joinedValue } from '../carriers/http/head.ts';
import { type Codec, codecNamed } from './codec.ts';

/** What a Content-Type says of a body. */
export interface Content {
  /** `application/connect+…`: envelopes. */
  readonly isStream: boolean;
  /** The codec's name as it stands there. */
  readonly name: string;
  /** Where it is known here. */
  readonly codec: Codec | undefined;
}

/** Reads a Content-Type; undefined for one that is none of Connect's. Parameters are overlooked (CONNECT-UNARY-06). */
export function readContentType(value: string | undefined): Content | undefined {
  const type = value?.split(';')[0]?.trim().toLowerCase();
  const [, stream, name] = /^application\/(connect\+)?([\w.+-]+)$/.exec(type ?? '') ?? [];
  return name === undefined ? undefined : { isStream: stream !== undefined, name, codec: codecNamed(name) };
}

/** The Content-Type of a body. */
export function contentType(isStream: boolean, codec: Codec): string {
  return `application/${isStream ? 'connect+' : ''}${codec}`;
}

/** The encoding that fields name for a body, or for the messages of a stream; `identity` where they name none (CONNECT-COMP-01, 02). */
export function encodingOf(fields: readonly HttpField[], isStream: boolean): string {
  const named = joinedValue(fields, isStream ? 'connect-content-encoding' : 'content-encoding');
  return named === undefined || named === '' ? 'identity' : named;
}

/** Encodings that this end can read and write, but for identity. */
export const ENCODINGS = ['gzip', 'br'] as const;

/** One of them. */
export type Encoding = (typeof ENCODINGS)[number];

/** Whether that is an encoding that this end knows; identity is none. */
export function isEncoding(name: string): name is Encoding {
  return ENCODINGS.some((each) => each === name);
}

/** Most bytes that compressed ones are allowed to become. */
export const MOST_DECOMPRESSED = 64 * 1024 ** 2;

/** Compresses; identity, and what is not known, leaves the bytes as they are. */
export function compress(bytes: Uint8Array, encoding: string): Uint8Array {
  if (encoding === 'br') return plainBytes(brotliCompressSync(bytes));
  return encoding === 'gzip' ? plainBytes(gzipSync(bytes)) : bytes;
}

/** Decompresses. Nothing is made of no bytes (CONNECT-COMP-08). Throws a RangeError beyond `most` bytes, an Error where the bytes are not what they say. */
export function decompress(bytes: Uint8Array, encoding: string, most = MOST_DECOMPRESSED): Uint8Array {
  if (!isEncoding(encoding) || bytes.length === 0) return bytes;
  try {
    return plainBytes((encoding === 'br' ? brotliDecompressSync : gunzipSync)(bytes, { maxOutputLength: most }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw new RangeError(`more than ${most} bytes`);
    throw error;
  }
}

/** Never a Buffer: values that are read from it must be of one kind. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
