import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Of, writeUtf8 } from './utf8.ts';

const anyText = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ maxLength: 100, unit: 'binary' }),
  // Halves of pairs alone, too.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((codes) => String.fromCharCode(...codes)),
);

describe('the UTF-8 of a text', () => {
  it('is what the engine makes of it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Of(text)).toEqual(new TextEncoder().encode(text));
      }),
    );
  });

  it('is written at its place and nowhere else', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), fc.nat(20), (text, before, behind) => {
        const expected = new TextEncoder().encode(text);
        const bytes = new Uint8Array(before + expected.length + behind).fill(7);
        expect(writeUtf8(bytes, before, text)).toBe(before + expected.length);
        expect(bytes.subarray(before, before + expected.length)).toEqual(expected);
        expect([...bytes.subarray(0, before), ...bytes.subarray(before + expected.length)].every((byte) => byte === 7)).toBe(true);
      }),
    );
  });
});
