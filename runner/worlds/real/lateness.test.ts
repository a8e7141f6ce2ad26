import { expect, test } from 'vitest';
import { startLateness } from './lateness.ts';

test('what keeps the event loop is lost, while somebody watches', () => {
  let now = 0;
  const lateness = startLateness(() => now);
  now = 500;
  expect(lateness.lost()).toBe(0);
  const stop = lateness.watch();
  now += 12;
  expect(lateness.lost()).toBe(0);
  now += 100;
  expect(lateness.lost()).toBe(98);
  stop();
  now += 1000;
  expect(lateness.lost()).toBe(98);
});
