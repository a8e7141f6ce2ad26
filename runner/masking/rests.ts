import type { Hit } from './hit.ts';
import { SEARCHED, type Work } from './work.ts';

/** How far from a piece its other end is looked for where that alone would say nothing. */
const NEAR = 256;

/** Least length of another end that is looked for everywhere. */
const SPEAKING = 5;

/** Where only the beginning or the end of a secret was found, the rest of it is found too; nearby, however short it is. */
export function withRests(text: string, hits: Hit[], work: Work): Hit[] {
  const rests = hits.flatMap(({ start, end, form, whole }): Hit[] => {
    if (whole || work.left < 0) return [];
    work.left -= text.length * SEARCHED;
    const piece = text.slice(start, end);
    if (form.text.startsWith(piece)) {
      const rest = form.text.slice(piece.length);
      const at = text.slice(end, rest.length < SPEAKING ? end + NEAR : undefined).indexOf(rest);
      return at < 0 ? [] : [{ start: end + at, end: end + at + rest.length, form, whole }];
    }
    if (!form.text.endsWith(piece)) return [];
    const rest = form.text.slice(0, -piece.length);
    const from = rest.length < SPEAKING ? Math.max(0, start - NEAR) : 0;
    const at = text.slice(from, start).lastIndexOf(rest);
    return at < 0 ? [] : [{ start: from + at, end: from + at + rest.length, form, whole }];
  });
  if (rests.length === 0) return hits;
  let free = 0;
  return [...hits, ...rests]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter(({ start, end }) => {
      if (start < free) return false;
      free = end;
      return true;
    });
}
