import { DEEPEST } from './limits.ts';
import { lineEnd, plainNumber } from './lines.ts';
import type { Grammar } from './scanner.ts';

const [CR, LF, DASH, ONE, DOLLAR, STAR] = [13, 10, 45, 49, 36, 42];

/**
 * Where a frame ends that stands whole at a place, as nearly all do, by one look at each of its lines; 0 for what is not whole, or is
 * otherwise in any way: broken, in words, or near a limit. The scanner then says what it is.
 */
export function wholeFrameEnd(bytes: Uint8Array, from: number, grammar: Grammar): number {
  return grammar === 'commands' ? commandEnd(bytes, from) : valueEnd(bytes, from);
}

function commandEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== STAR) return 0;
  let at = lineEnd(bytes, from + 1);
  const words = at === 0 ? -1 : plainNumber(bytes, from + 1, at);
  if (words < 0) return 0;
  for (let left = words; left > 0; left -= 1) {
    if (bytes[at] !== DOLLAR) return 0;
    at = stringEnd(bytes, at + 1);
    if (at === 0) return 0;
  }
  return at;
}

function valueEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  /** Lists and maps; no value is deeper than there are of them. */
  let lists = 0;
  for (let left = 1; left > 0; left -= 1) {
    const mark = bytes[at];
    const each = mark === undefined ? undefined : VALUES[mark];
    if (each === undefined) return 0;
    if (each === OF_BYTES && bytes[at + 1] !== DASH) {
      at = stringEnd(bytes, at + 1);
      if (at === 0) return 0;
      continue;
    }
    const begin = at + 1;
    at = lineEnd(bytes, begin);
    if (at === 0) return 0;
    if (each === A_LINE || isNothing(bytes, begin, at, mark)) continue;
    const count = plainNumber(bytes, begin, at);
    lists += 1;
    if (count < 0 || lists > DEEPEST) return 0;
    // The value that attributes stand beside follows them.
    left += each === OF_ATTRIBUTES ? 2 * count + 1 : each * count;
  }
  return at;
}

/** What each mark announces: a line, a count of bytes, or one of values, so many for each. */
const [A_LINE, OF_BYTES, OF_ATTRIBUTES] = [0, -1, -2];
const VALUES: readonly (number | undefined)[] = valuesByMark([
  ['+-:_#,(', A_LINE],
  ['$!=', OF_BYTES],
  ['*~>', 1],
  ['%', 2],
  ['|', OF_ATTRIBUTES],
]);

function valuesByMark(marks: readonly (readonly [string, number])[]): (number | undefined)[] {
  const values = new Array<number | undefined>(256).fill(undefined);
  for (const [all, each] of marks) for (const mark of all) values[mark.charCodeAt(0)] = each;
  return values;
}

/** Behind a string whose length begins there; 0 where not all of it is there. */
function stringEnd(bytes: Uint8Array, from: number): number {
  const begin = lineEnd(bytes, from);
  const length = begin === 0 ? -1 : plainNumber(bytes, from, begin);
  const end = begin + length;
  return length >= 0 && bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : 0;
}

/** `$-1` and `*-1` */
function isNothing(bytes: Uint8Array, from: number, end: number, mark: number | undefined): boolean {
  return (mark === DOLLAR || mark === STAR) && end - from === 4 && bytes[from] === DASH && bytes[from + 1] === ONE;
}
