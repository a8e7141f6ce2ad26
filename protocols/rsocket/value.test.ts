import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, carries, readValue } from './value.ts';

const bytes = fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 6 }).map(bytesOf));
const value = fc.oneof(bytes.map(readValue), fc.string({ unit: 'binary', maxLength: 6 }), bytes, fc.constantFrom(undefined, null));

test('bytes carry the values that stand for them, and no others', () => {
  fc.assert(
    fc.property(bytes, value, (said, wanted) => {
      expect(carries(said, readValue(said))).toBe(true);
      expect(carries(said, wanted)).toBe(Buffer.compare(said, bytesOf(wanted)) === 0);
    }),
  );
});

test.each([3, {}, ['a'], true])('what is no value is carried by nothing: %j', (odd) => {
  expect([new Uint8Array(), bytesOf(String(odd))].map((said) => carries(said, odd))).toEqual([false, false]);
});
