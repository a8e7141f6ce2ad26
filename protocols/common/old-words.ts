import * as z from 'zod';

/** Bindings were called codecs once: old files and adapters of before still do. */
const OLD_WORDS: Readonly<Record<string, string>> = { codec: 'binding', codecs: 'bindings' };

/** A schema that also takes what was written in the words of before. What says both keeps today's. */
export function inAnyWords<T extends z.ZodType>(schema: T) {
  return z.preprocess(inTodaysWords, schema);
}

/** A map with the keys of today; anything else as it is. */
export function inTodaysWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const old = Object.keys(value).some((key) => Object.hasOwn(OLD_WORDS, key));
  if (!old) return value;
  // Today's last, so that they win.
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [OLD_WORDS[key] ?? key, inner]);
  const today = Object.entries(value).filter(([key]) => !Object.hasOwn(OLD_WORDS, key));
  return Object.fromEntries([...entries, ...today]);
}
