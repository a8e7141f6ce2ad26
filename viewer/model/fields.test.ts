import { expect, test } from 'vitest';
import { treeOf } from './fields.ts';

const encoded = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

test('what is not there is called so, as in the table of what differs', () => {
  expect(treeOf({ data: { $undefined: true } }, []).map(({ text }) => text)).toEqual(['nothing']);
});

test.each([
  ['a text', 'Unexpected frame', '16 bytes "Unexpected frame"'],
  ['a text of one byte', 'x', '1 byte "x"'],
  ['a text beyond ASCII, of two lines', 'grün\nrot', '9 bytes "grün\\nrot"'],
  ['no text', Uint8Array.of(0xff, 0xfe), '2 bytes //4='],
  ['a text with what acts', 'a\u001b[2J', `5 bytes ${encoded('a\u001b[2J')}`],
  ['nothing', '', '0 bytes '],
])('bytes that are %s are shown so that they can be read', (_name, bytes, shown) => {
  expect(treeOf({ data: { $bytes: encoded(bytes) } }, []).map(({ text }) => text)).toEqual([shown]);
});
