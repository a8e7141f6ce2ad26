import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from './random.ts';

it('gives numbers in [0, 1), the same for the same seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seededRandom(seed);
      const again = seededRandom(seed);
      for (let i = 0; i < 20; i += 1) {
        const number = random();
        expect(number).toBe(again());
        expect(number >= 0 && number < 1).toBe(true);
      }
    }),
  );
});

it('fills the interval evenly', () => {
  const random = seededRandom(1);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i += 1) {
    const tenth = Math.floor(random() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
