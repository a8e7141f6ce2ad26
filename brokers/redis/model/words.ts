import { Refusal } from './refusal.ts';

/** Bytes as text of one character each: how keys and names are kept, so that they sort as Redis sorts them. */
export function raw(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The bytes of such a text. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

/** A word of a command, by which options are told. */
export function upper(arg: Uint8Array | undefined): string {
  return arg === undefined ? '' : raw(arg).toUpperCase();
}

const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

/** What a text says as an integer of 64 bits, written without signs and zeros that say nothing; undefined for anything else. */
export function int64(text: string): bigint | undefined {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= LEAST && value <= MOST ? value : undefined;
}

/** An integer argument. Throws a Refusal for what is none. */
export function integerArg(arg: Uint8Array | undefined, error = 'ERR value is not an integer or out of range'): number {
  const value = int64(arg === undefined ? '' : raw(arg));
  if (value === undefined) throw new Refusal(error);
  return Number(value);
}
