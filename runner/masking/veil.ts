import { latin1 } from '../../protocols/common/latin1.ts';
import { TELLING } from './secret-keys.ts';

/** Where in an unreadable frame something begins that must not be told, and the rest of it. Bytes are read as Latin-1. */

/** Texts that stand after a name in JSON, however broken the rest is. */
const JSON_TEXT = /"\s*:\s*"([^"\\]{6,})/g;

/** Bytes that show the form of a message and nothing of its content. */
const CONTENT = /[^\0- "{}[\]:,\\]/g;

/** The index behind the first name in the bytes that names a secret; undefined where there is none. */
function behindName(text: string, words: readonly string[]): number | undefined {
  const found = new RegExp([...words, TELLING.source].join('|'), 'i').exec(text);
  return found === null ? undefined : found.index + found[0].length;
}

/** The bytes of a frame that cannot be read, with all content hidden that follows the name of a secret; the same where there is none. */
export function veiled(bytes: Uint8Array, words: readonly string[]): Uint8Array {
  const text = latin1(bytes);
  const from = behindName(text, words);
  if (from === undefined || from === text.length) return bytes;
  return new Uint8Array(Buffer.from(text.slice(0, from) + text.slice(from).replaceAll(CONTENT, 'x'), 'latin1'));
}

/** Secrets that can be made out in a frame that cannot be read, of which this is the Latin-1 text; undefined where nothing in it names one. */
export function secretsBehind(text: string, words: readonly string[]): string[] | undefined {
  const from = behindName(text, words);
  if (from === undefined) return undefined;
  return Array.from(`"${text.slice(from).replace(/^\w*"?/, '"')}`.matchAll(JSON_TEXT), ([, value = '']) =>
    Buffer.from(value, 'latin1').toString(),
  );
}
