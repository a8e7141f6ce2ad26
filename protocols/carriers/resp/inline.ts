const [QUOTE, APOSTROPHE, BACKSLASH] = [34, 39, 92];
const SPACES: ReadonlySet<number> = new Set([32, 9, 10, 11, 12, 13, 0]);
const ESCAPED: ReadonlyMap<number, number> = new Map([...'nrtba'].map((name, i) => [name.charCodeAt(0), [10, 13, 9, 8, 7][i] ?? 0]));

/**
 * The words of a command that came as a line, as Redis reads it (`sdssplitargs`): parted by spaces, in quotes or in apostrophes, with
 * escapes in quotes. Undefined where a quote is not closed or something follows it at once.
 */
export function wordsIn(line: Uint8Array): Uint8Array[] | undefined {
  const words: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && SPACES.has(line[at] ?? 0)) at += 1;
    if (at >= line.length) return words;
    const word: number[] = [];
    while (at < line.length && !SPACES.has(line[at] ?? 0)) {
      const byte = line[at] ?? 0;
      if (byte !== QUOTE && byte !== APOSTROPHE) {
        word.push(byte);
        at += 1;
        continue;
      }
      const end = readQuoted(line, at, word);
      if (end === undefined || (end < line.length && !SPACES.has(line[end] ?? 0))) return undefined;
      at = end;
    }
    words.push(Uint8Array.from(word));
  }
}

/** Reads from the quote at `from` to behind the one that closes it; undefined where none does. */
function readQuoted(line: Uint8Array, from: number, word: number[]): number | undefined {
  const quote = line[from];
  let at = from + 1;
  while (at < line.length) {
    const byte = line[at] ?? 0;
    const next = line[at + 1];
    if (byte === quote) return at + 1;
    if (byte !== BACKSLASH || next === undefined || (quote === APOSTROPHE && next !== APOSTROPHE)) {
      word.push(byte);
      at += 1;
      continue;
    }
    const hex =
      quote === QUOTE && next === 120 ? /^[\da-fA-F]{2}$/.exec(String.fromCharCode(...line.subarray(at + 2, at + 4)))?.[0] : undefined;
    word.push(hex === undefined ? (quote === QUOTE ? (ESCAPED.get(next) ?? next) : next) : Number.parseInt(hex, 16));
    at += hex === undefined ? 2 : 4;
  }
  return undefined;
}
