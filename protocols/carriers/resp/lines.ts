const [CR, LF, ZERO, NINE] = [13, 10, 48, 57];
/** Digits of a length or a count that is far below all limits. */
const MOST_DIGITS = 7;

/** Behind the end of the line that goes on there; 0 where it has none, or another than it must have. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === CR) return bytes[at + 1] === LF ? at + 2 : 0;
    if (bytes[at] === LF) return 0;
  }
  return 0;
}

/** The number that a line says which goes on there and ends before `end`; -1 where it is no plain one, of few digits and without a zero before them. */
export function plainNumber(bytes: Uint8Array, from: number, end: number): number {
  const behind = end - 2;
  const digits = behind - from;
  if (digits < 1 || digits > MOST_DIGITS || (digits > 1 && bytes[from] === ZERO)) return -1;
  let value = 0;
  for (let at = from; at < behind; at += 1) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > NINE) return -1;
    value = value * 10 + digit - ZERO;
  }
  return value;
}
