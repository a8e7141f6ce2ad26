import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyMask } from './header.ts';

it('masks byte by byte from the start on, wherever the bytes lie', () => {
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), mask, fc.nat(7), fc.nat(40), fc.nat(40), (content, key, offset, from, to) => {
      const memory = new Uint8Array(offset + content.length + 8);
      memory.set(content, offset);
      const bytes = memory.subarray(offset, offset + content.length);
      const [start = 0, end = 0] = [Math.min(from, to, content.length), Math.min(Math.max(from, to), content.length)];
      applyMask(bytes, key, start, end);
      const expected = content.map((byte, i) => (i < start || i >= end ? byte : byte ^ (key[(i - start) % 4] ?? 0)));
      expect(bytes).toEqual(expected);
      expect(memory.subarray(0, offset).every((byte) => byte === 0)).toBe(true);
      expect(memory.subarray(offset + content.length).every((byte) => byte === 0)).toBe(true);
    }),
  );
});
