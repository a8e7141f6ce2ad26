import type { Form } from './forms.ts';
import type { Hit } from './hit.ts';
import { withRests } from './rests.ts';
import { type Work, workFor } from './work.ts';

/**
 * Finds forms in a text, in order, none over another; `cut`: the text may begin or end in the middle of one, however little is there. Of a text
 * that is so like them that telling them apart takes too long, all that is left counts as found.
 */
export type Finder = (text: string, cut?: boolean) => Hit[];

/** Units that must be equal before a form is looked at closely. */
const GRAM = 4;

/** A form that was cut in two shows in its pieces: this long at least, and half of it. */
const SHORTEST_PIECE = 6;

/** Pieces up to that long that are words of the language count for nothing. */
const LONGEST_WORD = 8;

const BUCKETS = 1 << 16;

interface Anchor {
  readonly form: Form;
  readonly at: number;
}

/** Every place of a form is an anchor, of a long one every so many: pieces that count are longer. */
const LONG = 256;
const STRIDE = 32;

/** After so many places that looked like a secret and were none it is looked whether the text repeats itself there. */
const TIRESOME = 128;

/** Longest part that is looked for as what a text repeats, and units of a repetition that are looked at where it ends. */
const LONGEST_PART = 16;
const AT_ITS_END = STRIDE + GRAM;

/** Anchors with equal units: a form that repeats itself would have as many as it is long. */
const MOST_ALIKE = 256;

/** Makes a finder for forms of at least four units each. One pass over the text, whatever the number of forms. */
export function finderOf(forms: readonly Form[]): Finder {
  const anchors = new Map<string, Anchor[]>();
  const buckets = new Uint8Array(BUCKETS);
  for (const form of forms) {
    const stride = form.text.length > LONG ? STRIDE : 1;
    for (let at = 0; at + GRAM <= form.text.length; at += stride) {
      const gram = form.text.slice(at, at + GRAM);
      buckets[bucketOf(gram, 0)] = 1;
      const others = anchors.get(gram);
      if (others === undefined) anchors.set(gram, [{ form, at }]);
      else if (others.length < MOST_ALIKE) others.push({ form, at });
    }
  }
  const [first] = forms;
  if (first === undefined || anchors.size === 0) return () => [];
  return (text, cut = false) => {
    const end = cut ? text.trimEnd().length : undefined;
    const hits: Hit[] = [];
    let free = 0;
    let inVain = 0;
    const work = workFor(text.length);
    const allFrom = (start: number): Hit => ({ start, end: text.length, form: first, whole: false });
    for (let i = 0; i + GRAM <= text.length; i += 1) {
      if (buckets[bucketOf(text, i)] === 0) continue;
      const hit = longest(text, i, anchors.get(text.slice(i, i + GRAM)) ?? [], free, end, work);
      if (work.left < 0) return [...hits, allFrom(hit?.start ?? i)];
      if (hit !== undefined) {
        hits.push(hit);
        free = hit.end;
        i = hit.end - 1;
        inVain = 0;
      } else if (inVain < TIRESOME) inVain += 1;
      else {
        i = beforeItsEnd(text, i);
        inVain = 0;
      }
    }
    const all = withRests(text, hits, work);
    return work.left < 0 ? [allFrom(hits[0]?.start ?? 0)] : all;
  };
}

function bucketOf(text: string, at: number): number {
  const mixed = text.charCodeAt(at) + text.charCodeAt(at + 1) * 37 + text.charCodeAt(at + 2) * 1369 + text.charCodeAt(at + 3) * 50_653;
  return mixed & (BUCKETS - 1);
}

/**
 * Where the end of what a text repeats comes near, if at `i` it has repeated a part of a few units for a while; `i` elsewhere. What is
 * in a repetition would have been found at its beginning, and what goes on behind it will be found at its end.
 */
function beforeItsEnd(text: string, i: number): number {
  for (let part = 1; part <= LONGEST_PART; part += 1) {
    let at = i;
    while (at > i - TIRESOME + part && text[at] === text[at - part]) at -= 1;
    if (at > i - TIRESOME + part) continue;
    let end = i;
    while (end < text.length && text[end] === text[end - part]) end += 1;
    return Math.max(i, end - AT_ITS_END);
  }
  return i;
}

function longest(
  text: string,
  i: number,
  candidates: readonly Anchor[],
  free: number,
  cut: number | undefined,
  work: Work,
): Hit | undefined {
  let best: Hit | undefined;
  for (const { form, at } of candidates) {
    work.left -= GRAM;
    if (best !== undefined && form.text.length <= best.end - best.start) continue;
    if (form.text.length > LONG && !mayTell(text, i, form, at, free, cut)) continue;
    let before = 0;
    while (before < at && i - before > free && text[i - before - 1] === form.text[at - before - 1]) before += 1;
    let after = GRAM;
    while (at + after < form.text.length && text[i + after] === form.text[at + after]) after += 1;
    work.left -= before + after;
    const whole = before + after === form.text.length;
    const onCut = cut !== undefined && ((i - before === 0 && at + after === form.text.length) || (i + after === cut && at === before));
    if (!whole && !onCut && !isPiece(text.slice(i - before, i + after), form)) continue;
    if (best === undefined || before + after > best.end - best.start) best = { start: i - before, end: i + after, form, whole };
  }
  return best;
}

/**
 * Whether so much of a long form may stand around `i` that it tells of the whole, by a few of its characters in growing distances. What is
 * long and repeats itself is alike at a great many places, and would be compared in vain at each, in all its length.
 */
function mayTell(text: string, i: number, { text: form }: Form, at: number, free: number, cut: number | undefined): boolean {
  const [left, right] = [Math.min(at, i - free), Math.min(form.length - at, text.length - i)];
  let after = right;
  for (let far = GRAM; far < right; far *= 2) {
    if (text[i + far] === form[at + far]) continue;
    after = far;
    break;
  }
  let before = left;
  for (let far = 1; far <= left; far *= 2) {
    if (text[i - far] === form[at - far]) continue;
    before = far - 1;
    break;
  }
  if (before + after >= Math.ceil(form.length / 2)) return true;
  // What a text was cut out of may have any part of it at its edges.
  return cut !== undefined && ((before === i && at + after === form.length) || (i + after >= cut && before === at));
}

/** Whether a part of a form tells of the whole. What is at the edge of a word in one text is in another. */
function isPiece(piece: string, { text }: Form): boolean {
  const part = piece.trim();
  if (part.length < Math.max(SHORTEST_PIECE, Math.ceil(text.length / 2))) return false;
  return part.length > LONGEST_WORD || !/^[a-z]*[-_ ]?[a-z]*$/i.test(part);
}
