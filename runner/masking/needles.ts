import { type Finder, finderOf } from './find.ts';
import { formsOf, type Needle } from './forms.ts';
import type { Hit } from './hit.ts';

/** Secrets that are looked for, in all their forms. */
export interface Needles {
  inText: Finder;
  /** In bytes that were read as Latin-1. */
  inBytes: Finder;
}

/** Makes ready to look for secrets, once somebody looks. */
export function needlesOf(needles: readonly Needle[]): Needles {
  const finders: { character?: Finder; byte?: Finder } = {};
  const find = (unit: 'character' | 'byte', text: string, cut?: boolean): Hit[] => {
    if (needles.length === 0) return [];
    finders[unit] ??= finderOf(needles.flatMap((needle) => formsOf(needle, unit)));
    return finders[unit](text, cut);
  };
  return { inText: (text, cut) => find('character', text, cut), inBytes: (text) => find('byte', text) };
}

/** A text with other words in place of what was found, in order and nothing over another. */
export function replaceHits<At extends Pick<Hit, 'start' | 'end'>>(
  text: string,
  hits: readonly At[],
  put: (hit: At, piece: string) => string,
): string {
  if (hits.length === 0) return text;
  let result = '';
  let from = 0;
  for (const hit of hits) {
    result += text.slice(from, hit.start) + put(hit, text.slice(hit.start, hit.end));
    from = hit.end;
  }
  return result + text.slice(from);
}
