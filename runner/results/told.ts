import type { Masker } from '../masking/masker.ts';

/** Longest text of others that is told, in characters; the whole stands in the trace. */
const LONGEST = 4096;

/** Longest last words that are told, in characters: their end. */
const LONGEST_WORDS = 16 * 1024;

/** What somebody said, as it may be told: secrets masked, a long text cut with how much was left out. */
export function told(text: string, masker: Pick<Masker, 'words'>): string {
  if (text.length <= LONGEST) return masker.words(text);
  // A secret on the cut is masked before it is cut in two.
  const begin = masker.words(text.slice(0, 2 * LONGEST));
  return `${begin.slice(0, LONGEST).replace(HALF_PAIR, '')}… (${text.length - LONGEST} more characters left out)`;
}

/** The last words of an adapter, as they may be told. */
export function toldLast(text: string, masker: Pick<Masker, 'words'>): string {
  if (text.length <= LONGEST_WORDS) return masker.words(text, 'cut');
  const end = masker.words(text.slice(-2 * LONGEST_WORDS), 'cut');
  return `[${text.length - LONGEST_WORDS} characters before this left out]\n${end.slice(-LONGEST_WORDS).replace(/^[\udc00-\udfff]/, '')}`;
}

/** The first half of a character that was cut in two. */
const HALF_PAIR = /[\ud800-\udbff]$/;
