import { expect, test } from 'vitest';
import { MOST_KEPT_BYTES, PIECE_BYTES } from './limits.ts';
import { Recent } from './recent.ts';

test('the newest names are known, each once, and the oldest forgotten where they are too many', () => {
  const recent = new Recent<string>(3);
  for (const name of ['a', 'b', 'a', 'c', 'd']) recent.add(name);
  expect(['a', 'b', 'c', 'd'].map((name) => recent.has(name))).toEqual([false, true, true, true]);
  recent.clear();
  expect(recent.has('d')).toBe(false);
});

test('names that are as long as a message are forgotten long before they fill the memory', () => {
  const recent = new Recent<string>();
  const long = 'x'.repeat(16 * 1024 * 1024);
  for (let i = 0; i < 20; i += 1) recent.add(`${i}${long}`);
  const known = Array.from({ length: 20 }, (_, i) => i).filter((i) => recent.has(`${i}${long}`));
  expect(known).toEqual([13, 14, 15, 16, 17, 18, 19]);
});

test('numbers are forgotten before there are more than an engine keeps in one set', () => {
  const recent = new Recent<number>();
  const most = MOST_KEPT_BYTES / PIECE_BYTES;
  for (let i = 0; i <= most; i += 1) recent.add(i);
  expect([recent.has(0), recent.has(1), recent.has(most)]).toEqual([false, true, true]);
});
