import { latin1, latin1Bytes } from '../../../protocols/common/latin1.ts';
import { Refusal } from './refusal.ts';

/** Bytes as text of one character each: how keys and names are kept, so that they sort as Redis sorts them. */
export const raw = latin1;

/** The bytes of such a text. */
export const bytes = latin1Bytes;

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
