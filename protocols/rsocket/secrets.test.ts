import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeComposite, encodeRoute, OCTETS, ROUTING, requestMetadata } from './metadata.ts';
import { secretParts } from './secrets.ts';

const TOKEN = Buffer.from('tok-0123456789');
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** What is told of metadata: a `.` for each byte that is not. */
function told(metadata: Uint8Array): string {
  const text = [...Buffer.from(metadata).toString('latin1')];
  for (const [from, to] of secretParts(metadata) ?? [[0, metadata.length]]) text.fill('.', from, to);
  return text.join('');
}

test.each([
  ['a route alone', requestMetadata('echo', undefined), '\u00fe\0\0\u0005\u0004echo'],
  ['what the application says beside it', requestMetadata('echo', TOKEN), `\u00fe\0\0\u0005\u0004echo\u0086\0\0\u000e${'.'.repeat(14)}`],
  [
    'authentication before it',
    bytes('fc 00 00 0b 80 00 04 75 73 65 72 70 61 73 73 fe 00 00 02 01 61'),
    `\u00fc\0\0\u000b${'.'.repeat(11)}\u00fe\0\0\u0002\u0001a`,
  ],
  ['a custom name after it', bytes('fe 00 00 02 01 61 02 61 2f 62 00 00 01 7a'), '\u00fe\0\0\u0002\u0001a\u0002a/b\0\0\u0001.'],
  ['a route that is cut short', bytes('fe 00 00 05 04 65 63'), '\u00fe\0\0\u0005\u0004ec'],
  ['an entry that is cut short behind it', bytes('fe 00 00 02 01 61 86 00 00 09 74 6f 6b'), '\u00fe\0\0\u0002\u0001a\u0086\0\0\u0009...'],
  ['what is no entry behind it', bytes('fe 00 00 02 01 61 74 6f 6b 65 6e'), '\u00fe\0\0\u0002\u0001a.....'],
])('of metadata a route is told, and nothing else: %s', (_what, metadata, expected) => {
  expect(told(metadata)).toBe(expected);
});

test.each([
  ['a token that is no composite metadata', TOKEN],
  ['authentication alone', bytes('fc 00 00 0b 80 00 04 75 73 65 72 70 61 73 73')],
  ['a route whose lengths lie', bytes('fe 00 00 02 05 61')],
  ['bytes that only begin like a route', bytes('fe 00 00 40 3e 00 01 02 03 04 05 06 07 08')],
  ['nothing', new Uint8Array()],
])('all of other metadata is secret: %s', (_what, metadata) => {
  expect(secretParts(metadata)).toBeUndefined();
});

test('whatever stands beside a route, before or behind it, no byte of it is told', () => {
  const other = fc.record({
    mime: fc.constantFrom(OCTETS, 'a/b', 'message/x.rsocket.authentication.v0'),
    content: fc.uint8Array({ minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(other), fc.array(other), fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), (before, after, route) => {
      const metadata = encodeComposite([...before, { mime: ROUTING, content: encodeRoute(route) }, ...after]);
      const parts = (secretParts(metadata) ?? []).map(([from, to]) => metadata.subarray(from, to));
      expect(parts).toEqual([...before, ...after].map(({ content }) => content));
    }),
  );
});
