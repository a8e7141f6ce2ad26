import { latin1 } from '../../protocols/common/latin1.ts';
import { replaceHits } from './needles.ts';
import { placesOf } from './places.ts';

/** Bytes of a secret that are looked for in all forms; of a longer one they are its beginning. */
export const LONGEST = 16 * 1024;

/** As much of a secret as is looked for in all forms. */
export function beginningOf(secret: Uint8Array): Uint8Array {
  return secret.length > LONGEST ? secret.slice(0, LONGEST) : secret;
}

/** Bytes of a frame's own secrets that are looked for in all forms, together; each takes a hundred times as much of memory. */
const MOST_BYTES = 16 * LONGEST;

/** Long secrets of one frame that are looked for: each search goes through all of it. */
const MOST_SEARCHES = 64;

/** A frame without the secrets whose places are known, and what is to be looked for in the rest. */
export interface Stripped {
  /** The bytes as they read in Latin-1. */
  readonly text: string;
  /** In all forms. */
  readonly wanted: readonly Uint8Array[];
}

/**
 * Bytes, given also as they read in Latin-1, without secrets of their own: at their places where these are views of the bytes, and long ones
 * wherever one stands as a codec writes it, as it is, in JSON or in base64. All forms of megabytes would be a gigabyte, and take seconds for
 * each frame that has them. Of more secrets than any honest frame has nothing is left.
 */
export function strip(bytes: Uint8Array, text: string, secrets: readonly Uint8Array[], fill: (secret: Uint8Array) => string): Stripped {
  if (secrets.length === 0) return { text, wanted: [] };
  const end = bytes.byteOffset + bytes.length;
  const isView = ({ buffer, byteOffset }: Uint8Array): boolean =>
    buffer === bytes.buffer && byteOffset >= bytes.byteOffset && byteOffset < end;
  const views = secrets.filter(isView);
  const others = secrets.filter((secret) => !isView(secret));
  const long = others.filter(({ length }) => length > LONGEST);
  const short = others.filter(({ length }) => length <= LONGEST);
  if (long.length > MOST_SEARCHES || sum(short) > MOST_BYTES) return { text: 'x'.repeat(text.length), wanted: [] };
  let rest = withoutViews(bytes, text, views, fill);
  for (const secret of long) {
    for (const [i, form] of codecForms(secret).entries()) {
      const hits = placesOf(rest, form).map((start) => ({ start, end: start + form.length }));
      rest = replaceHits(rest, hits, () => (i === 0 ? fill(secret) : 'x'.repeat(form.length)));
    }
  }
  return { text: rest, wanted: within(MOST_BYTES, [...short, ...long.map(beginningOf), ...views.map(beginningOf)]) };
}

function sum(all: readonly Uint8Array[]): number {
  return all.reduce((bytes, { length }) => bytes + length, 0);
}

/** As many of the first as have no more bytes together. */
function within(bytes: number, all: readonly Uint8Array[]): Uint8Array[] {
  let left = bytes;
  return all.filter(({ length }) => {
    left -= length;
    return left >= 0;
  });
}

function withoutViews(bytes: Uint8Array, text: string, views: readonly Uint8Array[], fill: (secret: Uint8Array) => string): string {
  let result = '';
  let at = 0;
  for (const view of views.toSorted((a, b) => a.byteOffset - b.byteOffset)) {
    const from = view.byteOffset - bytes.byteOffset;
    // One may lie over another, and of bytes that are a beginning the last may go on behind them.
    const to = Math.min(text.length, from + view.length);
    if (to <= at) continue;
    const begin = Math.max(at, from);
    result += text.slice(at, begin) + fill(view).slice(begin - from, to - from);
    at = to;
  }
  return result + text.slice(at);
}

/** As it is first. */
function codecForms(secret: Uint8Array): string[] {
  const bytes = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength);
  const json = JSON.stringify(bytes.toString('utf8')).slice(1, -1);
  return [...new Set([latin1(bytes), Buffer.from(json, 'utf8').toString('latin1'), bytes.toString('base64').replace(/=+$/, '')])];
}
