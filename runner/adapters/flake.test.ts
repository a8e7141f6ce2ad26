import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeFlake } from './flake.ts';

test.each([
  [{ rate: 0.2, runs: 50 }, 0, 1, 'within'],
  [{ rate: 0.2, runs: 50 }, 1, 1, 'within'],
  [{ rate: 0.2, runs: 50 }, 10, 10, 'fails-too-often'],
  [{ rate: 0.2, runs: 50 }, 0, 100, 'fails-too-seldom'],
  [{ rate: 0.2, runs: 50 }, 20, 100, 'within'],
  [{ rate: 0.5, runs: 2 }, 0, 5, 'within'],
] as const)('%o with %i of %i failed is %s', (flake, failed, ran, verdict) => {
  expect(judgeFlake(flake, failed, ran)).toBe(verdict);
});

test('what was measured fits its own rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100 }), fc.nat(), (runs, seed) => {
      const failed = 1 + (seed % (runs - 1));
      expect(judgeFlake({ rate: failed / runs, runs }, failed, runs)).toBe('within');
    }),
  );
});
