import { expect, it } from 'vitest';
import { enlarge, filledIn } from './enlarge.ts';
import { sizesOf } from './grow.ts';

it('multiplies how often, how many and how long, but not a single one', () => {
  const text = 'repeat: { times: 200 }\ntotal: 7\nconnections: 1\nvalue: { $repeat: { text: x, times: 10 } }\n$length: 10\nn: 5';
  expect(enlarge(text, 3)).toBe(
    'repeat: { times: 600 }\ntotal: 21\nconnections: 1\nvalue: { $repeat: { text: x, times: 30 } }\n$length: 30\nn: 5',
  );
});

it('fills in how much there is, in bytes with room for a head', () => {
  expect(filledIn('times: <n>, again: <n>, length: <bytes>', 2)).toBe(`times: 2, again: 2, length: ${2 * 1024 * 1024 - 64}`);
});

it('goes from what a case has to what is promised, and far less when it is to be quick', () => {
  expect(sizesOf(50, 1000, false)).toEqual([50, 250, 500, 1000]);
  expect(sizesOf(50, 1000, true)).toEqual([50]);
  expect(sizesOf(1000, 1_000_000, true)).toEqual([1000, 10_000, 20_000, 40_000]);
  expect(sizesOf(1, 16, false)).toEqual([1, 4, 8, 16]);
});
