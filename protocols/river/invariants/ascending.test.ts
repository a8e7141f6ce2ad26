import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ascending } from './ascending.ts';

it('holds each number once, in order, and counts those below a limit', () => {
  const some = fc.array(fc.nat(20));
  fc.assert(
    fc.property(some, some, fc.nat(20), (added, removed, limit) => {
      const numbers = new Ascending();
      for (const number of added) numbers.add(number);
      for (const number of removed) numbers.remove(number);
      const left = [...new Set(added)].filter((number) => !removed.includes(number)).sort((a, b) => a - b);
      expect(numbers.below(limit)).toBe(left.filter((number) => number < limit).length);
      expect(left.map((_number, index) => numbers.at(index))).toEqual(left);
      expect(numbers.at(left.length)).toBeUndefined();
    }),
  );
});
