import { decode, ExtensionCodec } from '@msgpack/msgpack';
import { eventInvariant } from './judging.ts';

/** Byte strings as JSON carries them. A key that ends in an escaped quote is none of these. */
const BYTES_IN_JSON = /(?<!\\)"\$t"\s*:\s*"([^"\\]*)"/g;

/** Any extension begins with one of these bytes; other values may hold them too. */
const EXTENSIONS = [0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8];

const DOLLAR = 0x24;

const fromUtf8 = new TextDecoder();

/**
 * Values in the form that their codec gives them, where receivers could read another one as well: base64 with its
 * padding under JSON (RIVER-CODEC-03), small big integers as numbers under MessagePack (RIVER-CODEC-04).
 */
export const codecForms = eventInvariant('codec-forms', ['RIVER-CODEC-03', 'RIVER-CODEC-04'], (_facts, check) => ({
  observe: (event) => {
    if (event.type !== 'sent' || event.frame.kind !== 'message' || event.frame.text || event.decoded?.ok !== true) return;
    const { data } = event.frame;
    if (!isMsgpack(data)) {
      if (!data.includes(DOLLAR)) return;
      for (const [form, base64] of fromUtf8.decode(data).matchAll(BYTES_IN_JSON)) {
        const padded = base64 !== undefined && base64.length % 4 === 0;
        check(padded, 'RIVER-CODEC-03', event.from, () => `bytes without the padding of base64: ${form}`, [event.n]);
      }
    } else if (EXTENSIONS.some((byte) => data.includes(byte))) {
      for (const content of bigintsOf(data)) {
        const asNumber = typeof content === 'number' || !Number.isSafeInteger(Number(content));
        const what = () => `a big integer within 53 bits that is not written as a number but as ${JSON.stringify(content)}`;
        check(asNumber, 'RIVER-CODEC-04', event.from, what, [event.n]);
      }
    }
  },
}));

/** A message is a map, and no map of MessagePack begins with what JSON may begin with: a brace, white space, a byte order mark. */
function isMsgpack([first = 0]: Uint8Array): boolean {
  return (first & 0xf0) === 0x80 || first === 0xde || first === 0xdf;
}

/** What stands in the extensions of type 0 of a message that is known to be decodable. */
function bigintsOf(data: Uint8Array): readonly unknown[] {
  const found: unknown[] = [];
  const extensionCodec = new ExtensionCodec();
  extensionCodec.register({ type: 0, encode: () => null, decode: (body) => found.push(decode(body)) });
  decode(data, { extensionCodec });
  return found;
}
