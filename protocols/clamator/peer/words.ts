import type { Word } from '../script.ts';

/** The words of a scripted command as they are sent. */
export function textsOf(words: readonly Word[], space: string): (string | Uint8Array)[] {
  return words.map((word) => {
    if (typeof word !== 'object') return String(word);
    return '$space' in word ? `${space}${word.$space}` : new Uint8Array(Buffer.from(word.$hex, 'hex'));
  });
}
