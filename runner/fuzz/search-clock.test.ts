import { expect, test } from 'vitest';
import { searchClock } from './search-clock.ts';

test('what makes failures smaller has half of what is left of its own time, and takes none of the search', async () => {
  let t = 0;
  const clock = searchClock(1000, () => t);
  t = 400;
  const allowed: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await clock.shrinking(async (over) => {
      const from = t;
      while (!over()) t += 1;
      allowed.push(t - from - 1);
    });
  }
  expect(allowed).toEqual([500, 249, 124]);
  expect(clock.searched()).toBe(400);
  expect(clock.isOver()).toBe(false);
  t += 601;
  expect(clock.isOver()).toBe(true);
});
