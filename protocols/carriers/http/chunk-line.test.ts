import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginningOfChunks } from './chunk-line.ts';
import { chunkBytes, lastChunk } from './write.ts';

const anyChunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 });

test('of chunks as far as they are there, what they hold is the beginning of the body, and all of it once the last is there', () => {
  fc.assert(
    fc.property(anyChunks, fc.nat(300), (chunks, length) => {
      const body = Buffer.concat(chunks);
      const written = Buffer.concat([...chunks.map((chunk) => chunkBytes(chunk)), lastChunk()]);
      const held = beginningOfChunks(written.subarray(0, length));
      expect(body.subarray(0, held.length).equals(held)).toBe(true);
      expect(body.equals(beginningOfChunks(written))).toBe(true);
    }),
  );
});

test('bytes that are no chunks hold nothing, and end what is held', () => {
  const held = (text: string): string => Buffer.from(beginningOfChunks(Buffer.from(text))).toString();
  expect(held('<html>\r\nno chunks\r\n')).toBe('');
  expect(held('3\r\nabcXX4\r\ndefg\r\n')).toBe('abc');
  expect(held('3\r\nabc\r\nzz\r\ndefg\r\n')).toBe('abc');
});
