import fc from 'fast-check';

/** A command in words, and which of the connections sends it. */
export interface Sent {
  readonly by: number;
  readonly args: readonly string[];
}

/** Connections that take part. */
export const CONNECTIONS = 4;

/** One of these words. */
export const from = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
/** Arguments, each a word or several, after each other. */
export const command = (...parts: readonly (string | fc.Arbitrary<string | readonly string[]>)[]): fc.Arbitrary<string[]> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((words) => words.flat());
/** One of these, or nothing. */
export const maybe = (...words: readonly (readonly string[])[]): fc.Arbitrary<readonly string[]> => fc.constantFrom([], ...words);
/** One or more of such words. */
export const some = (word: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string[]> => fc.array(word, { minLength: 1, maxLength });

/** Few of each, so that commands meet. The last key holds a string, mostly. */
export const key = from('s', 's', 's', 't', 't', 'text');
/** Words that a connection sends. */
export const by = (connection: number, words: string): Sent => ({ by: connection, args: words.split(' ') });
