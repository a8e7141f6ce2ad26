import { int64, raw } from './words.ts';

/** Bytes of a listpack without entries: its length, its count and its end. */
export const EMPTY_LISTPACK = 7;

/** Bytes of an integer in a listpack. */
export function integerSize(value: bigint): number {
  if (value >= 0n && value <= 127n) return withBacklen(1);
  if (fits(value, 13)) return withBacklen(2);
  if (fits(value, 16)) return withBacklen(3);
  if (fits(value, 24)) return withBacklen(4);
  return withBacklen(fits(value, 32) ? 5 : 9);
}

/** Bytes of a string in a listpack, which keeps one that says an integer as that. */
export function stringSize(bytes: Uint8Array): number {
  const value = bytes.length <= 20 ? int64(raw(bytes)) : undefined;
  if (value !== undefined) return integerSize(value);
  if (bytes.length < 64) return withBacklen(1 + bytes.length);
  return withBacklen((bytes.length < 4096 ? 2 : 5) + bytes.length);
}

function fits(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

/** An entry is followed by its length, seven bits a byte. */
function withBacklen(length: number): number {
  const borders = [127, 16_383, 2_097_151, 268_435_455];
  const shorter = borders.findIndex((border, i) => (i === 0 ? length <= border : length < border));
  return length + (shorter < 0 ? 5 : shorter + 1);
}
