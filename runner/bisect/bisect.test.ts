import { expect, test } from 'vitest';
import { bisect, type Probed } from './bisect.ts';

/** A list of so many that turns bad at one; `untestable` come to no verdict. */
async function tried(count: number, badFrom: number, untestable: readonly number[] = []) {
  const asked: number[] = [];
  const found = await bisect(count, async (index): Promise<Probed> => {
    asked.push(index);
    if (untestable.includes(index)) return 'untestable';
    return index >= badFrom ? 'bad' : 'good';
  });
  return { found, asked };
}

test('finds the first bad one of any list, with as few probes as halving needs', async () => {
  for (const count of [2, 3, 4, 7, 16, 21, 100, 1000]) {
    for (const badFrom of [1, 2, Math.floor(count / 2), count - 2, count - 1].filter((at) => at > 0 && at < count)) {
      const { found, asked } = await tried(count, badFrom);
      expect(found).toMatchObject({ is: 'found', first: badFrom, last: badFrom - 1 });
      expect(asked.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count - 1)));
      expect(new Set(asked).size).toBe(asked.length);
    }
  }
});

test('says so where nothing is bad, or all of it, without going on', async () => {
  expect((await tried(20, 20)).found).toEqual({ is: 'never-bad', probes: 1 });
  expect((await tried(20, 0)).found).toEqual({ is: 'always-bad', probes: 2 });
  expect((await tried(1, 0)).found).toEqual({ is: 'always-bad', probes: 1 });
});

test('passes over what cannot be tested, and says between which it lies', async () => {
  expect((await tried(9, 5, [4])).found).toMatchObject({ is: 'found', last: 3, first: 5 });
  expect((await tried(9, 5, [1, 2, 3, 4, 5, 6, 7])).found).toMatchObject({ is: 'found', last: 0, first: 8, probes: 9 });
  expect((await tried(9, 5, [8])).found).toEqual({ is: 'no-end', end: 'newest', probes: 1 });
  expect((await tried(9, 5, [0])).found).toEqual({ is: 'no-end', end: 'oldest', probes: 2 });
});
