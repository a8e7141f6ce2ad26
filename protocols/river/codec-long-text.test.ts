import { expect, it } from 'vitest';
import { decodeJson, encodeJson } from './codec-json.ts';

it.each([
  ['ASCII', 'x'.repeat(10_000)],
  ['one character beyond ASCII at the end', `${'x'.repeat(10_000)}é`],
  ['one beyond the basic plane at the beginning', `𝄞${'x'.repeat(10_000)}`],
])('reads long texts as short ones: %s', (_name, text) => {
  expect(decodeJson(encodeJson({ text }))).toEqual({ text });
});

it('skips a byte order mark and replaces invalid UTF-8 in a long message too', () => {
  const [open, close] = [new TextEncoder().encode(`{"text":"${'x'.repeat(10_000)}`), new TextEncoder().encode('"}')];
  const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, ...open, 0xff, ...close);
  expect(decodeJson(bytes)).toEqual({ text: `${'x'.repeat(10_000)}\ufffd` });
});
