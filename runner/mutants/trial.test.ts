import { expect, test } from 'vitest';
import { readTrial, spread } from './trial.ts';

test.each([
  ['corpus', { kind: 'corpus' }],
  ['sweep:300', { kind: 'sweep', runs: 300 }],
  ['fuzz:2', { kind: 'fuzz', forMs: 2000 }],
  ['sweep', undefined],
  ['sweep:0', undefined],
  ['fuzz:x', undefined],
])('%s is read', (text, trial) => {
  expect(readTrial(text)).toEqual(trial);
});

test('items are taken evenly, and all of them where they are few', () => {
  const items = Array.from({ length: 10 }, (_, i) => i);
  expect(spread(items, 3)).toEqual([3, 6, 9]);
  expect(spread(items, 9)).toHaveLength(9);
  expect(spread(items, 10)).toEqual(items);
  expect(spread(items, 99)).toEqual(items);
});
