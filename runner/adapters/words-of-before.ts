/**
 * Adapters that were written when bindings were called codecs know only clients that call, and other names for some members.
 * Who says `codecs` of itself is spoken to in these words.
 */
export type Words = 'today' | 'before';

/** What members were called, by method. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  connect: { binding: 'codec' },
  serve: { binding: 'codec' },
  invoke: { at: 'client', value: 'init' },
  send: { value: 'request' },
};

/** The words that an adapter speaks, told by its answer to `initialize`. */
export function wordsOf(answer: unknown): Words {
  return typeof answer === 'object' && answer !== null && 'codecs' in answer && !('bindings' in answer) ? 'before' : 'today';
}

/** The parameters of a request in the words that the adapter knows. */
export function inWords(words: Words, method: string, params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.hasOwn(NAMES, method) ? NAMES[method] : undefined;
  if (words === 'today' || names === undefined) return params;
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [Object.hasOwn(names, key) ? (names[key] ?? key) : key, value]));
}
