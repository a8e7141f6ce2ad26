import type { ByteRange } from './byte-range.ts';

/** Which bytes of a frame make a member of its message; for those who look at bytes and values side by side. */
export interface Field {
  /** Keys and indices from the root; empty for the message as a whole. */
  readonly path: readonly (string | number)[];
  /** First byte, and the one behind the last; a member begins with its key. */
  readonly at: ByteRange;
  /** How it is written, where the value alone does not tell: `uint 16`, `str 8`. */
  readonly form?: string;
  /** What the value means in the protocol's words: `open, closed`. */
  readonly says?: string;
  /** The value in short; absent for what holds others. */
  readonly text?: string;
}

/** Fields that are told of one frame; the rest of its bytes belongs to what holds them. */
export const MOST_FIELDS = 400;

/** Characters of a value that are told. */
const LONGEST_TEXT = 200;

/** A value of a field in short. */
export function fieldText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
