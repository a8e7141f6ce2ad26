import { Refusal } from './refusal.ts';
import { int64, raw } from './words.ts';

/** How long a read may wait, in ms; 0 for ever. Throws a Refusal for what is no such time. */
export function blockTimeout(arg: Uint8Array | undefined, now: number): number {
  const value = int64(arg === undefined ? '' : raw(arg));
  if (value === undefined) throw new Refusal('ERR timeout is not an integer or out of range');
  if (value < 0n) throw new Refusal('ERR timeout is negative');
  if (value > 2n ** 63n - 1n - BigInt(now)) throw new Refusal('ERR timeout is out of range');
  return Number(value);
}
