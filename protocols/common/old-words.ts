import * as z from 'zod';

/** Bindings were called codecs once: old files and adapters of before still do. */
const CODECS: Readonly<Record<string, string>> = { codec: 'binding', codecs: 'bindings' };

/** A schema that also takes what was written in the words of before (`words`: old → today's). What says both keeps today's. */
export function inAnyWords<T extends z.ZodType>(schema: T, words: Readonly<Record<string, string>> = CODECS) {
  return z.preprocess((value) => inTodaysWords(value, words), schema);
}

/** A map with the keys of today; anything else as it is. */
export function inTodaysWords(value: unknown, words: Readonly<Record<string, string>> = CODECS): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isOld = (key: string): boolean => Object.hasOwn(words, key);
  if (!Object.keys(value).some(isOld)) return value;
  // Today's last, so that they win.
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [isOld(key) ? (words[key] ?? key) : key, inner]);
  const today = Object.entries(value).filter(([key]) => !isOld(key));
  return Object.fromEntries([...entries, ...today]);
}
