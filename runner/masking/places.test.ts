import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replaceHits } from './needles.ts';
import { placesOf } from './places.ts';

/** Of two letters, so that a text is often nearly what is looked for. */
const alike = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'aaaaaaaa'), { minLength, maxLength }).map((parts) => parts.join(''));

function oneByOne(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

test('a text is found wherever the usual search finds it, one place behind the other', () => {
  fc.assert(
    fc.property(alike(1, 20), alike(0, 60), alike(0, 60), fc.integer({ min: 0, max: 4 }), (wanted, before, behind, times) => {
      const text = before + wanted.repeat(times) + behind + wanted.slice(1);
      expect(placesOf(text, wanted)).toEqual(oneByOne(text, wanted));
      const hits = placesOf(text, wanted).map((start) => ({ start, end: start + wanted.length }));
      expect(replaceHits(text, hits, () => 'y'.repeat(wanted.length))).toBe(text.replaceAll(wanted, 'y'.repeat(wanted.length)));
    }),
  );
});

test('also one that is longer than what the usual search looks for', () => {
  const wanted = `${'x'.repeat(5000)}!`;
  expect(placesOf(`${'x'.repeat(7000)}${wanted}${wanted}x`, wanted)).toEqual([7000, 12_001]);
});
