import { concatenate } from '../common/byte-queue.ts';

/** Bytes before the message in an envelope: flags, then the length in four bytes, high byte first. */
export const PREFIX = 5;

/** Flags of an envelope. Others are reserved, and zero (CONNECT-STREAM-07). */
export const FLAG = { COMPRESSED: 1, END: 2 } as const;

/** A message and what stands before it. */
export interface Envelope {
  readonly flags: number;
  readonly data: Uint8Array;
}

/** Reads an envelope that is whole; undefined for bytes that are none, or more. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  const length = envelopeLength(bytes);
  return length === undefined || length !== bytes.length ? undefined : { flags: bytes[0] ?? 0, data: bytes.subarray(PREFIX) };
}

/** The length of the envelope that begins with these bytes; undefined where they are too few to tell. */
export function envelopeLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < PREFIX) return undefined;
  return PREFIX + new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(1);
}

/** An envelope; `length` may lie. */
export function writeEnvelope(flags: number, data: Uint8Array, length = data.length): Uint8Array {
  const prefix = new Uint8Array(PREFIX);
  prefix[0] = flags;
  new DataView(prefix.buffer).setUint32(1, length);
  return concatenate([prefix, data]);
}
