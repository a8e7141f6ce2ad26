import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter, type LineEvent } from './line-splitter.ts';

/** Feeds `bytes` in chunks of the given sizes, over and over. */
function split(bytes: Uint8Array, sizes: readonly number[], limit: number): LineEvent[] {
  const splitter = createLineSplitter(limit);
  const events: LineEvent[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    events.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...events, ...splitter.end()];
}

const show = (events: readonly LineEvent[]): string[] =>
  events.map((event) => (event.type === 'overlong' ? 'overlong' : `${event.type}:${Buffer.from(event.bytes).toString('latin1')}`));

test('lines are the same however the stream is chunked', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\r'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.join('\n'));
      expect(show(split(bytes, sizes, 8))).toEqual(show(split(bytes, [1000], 8)));
    }),
  );
});

test('carriage returns and empty lines are left out, a last line without newline is half', () => {
  expect(show(split(Buffer.from('a\r\n\n\r\nb\nc'), [3], 8))).toEqual(['line:a', 'line:b', 'half:c']);
});

test('a line of the limit passes; one byte more is told once and skipped, and the next line is read again', () => {
  expect(show(split(Buffer.from('12345678\n123456789aaaaaaaaaaaaaaaaaa\nok\n'), [4], 8))).toEqual(['line:12345678', 'overlong', 'line:ok']);
  expect(show(split(Buffer.from('123456789'), [100], 8))).toEqual(['overlong']);
});
