import { isUtf8 } from 'node:buffer';
import type { Payload } from './frames.ts';

/**
 * Values of RSocket are bytes. Cases and adapters write and read them as text where they are well-formed UTF-8, and as bytes where they
 * are not: each value has one form. Nothing (undefined, null) stands for no bytes.
 */
export type RSocketValue = string | Uint8Array;

const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The bytes that a value stands for. Throws `TypeError` on what is neither text nor bytes. */
export function bytesOf(value: unknown): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encoder.encode(value);
  throw new TypeError(`a value of RSocket is text or bytes, not ${typeof value}`);
}

/** The value that bytes make. */
export function readValue(bytes: Uint8Array): RSocketValue {
  // What a decoder throws costs forty times as much as a look, and a channel may carry thousands of values that are no text.
  return isUtf8(bytes) ? fromUtf8.decode(bytes) : bytes;
}

/** A UTF-16 unit of a text is at most so many bytes in UTF-8. */
const MOST_BYTES_A_UNIT = 3;

/** Whether bytes are those of a value. What is no value at all has none. */
export function carries(bytes: Uint8Array, value: unknown): boolean {
  if (typeof value === 'string') {
    // Of a text of megabytes, bytes are made only where they may fit.
    const mayFit = value.length <= bytes.length && bytes.length <= MOST_BYTES_A_UNIT * value.length;
    return mayFit && Buffer.compare(encoder.encode(value), bytes) === 0;
  }
  if (value === undefined || value === null) return bytes.length === 0;
  return value instanceof Uint8Array && Buffer.compare(value, bytes) === 0;
}

/** Text for people, whatever the bytes. */
export function textOf(bytes: Uint8Array): string {
  return fromUtf8.decode(bytes);
}

/** A payload of values; metadata that is undefined is none. */
export function payloadOf(data: unknown, metadata: unknown): Payload {
  return { data: bytesOf(data), metadata: metadata === undefined ? undefined : bytesOf(metadata) };
}
