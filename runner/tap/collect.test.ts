import { expect, test } from 'vitest';
import { spareTimeCollector } from './collect.ts';

const MIB = 1024 * 1024;

test('frees what nobody has any more once that is much', () => {
  const collect = spareTimeCollector();
  let waste: number[][] | undefined = Array.from({ length: 16 }, () => new Array<number>(MIB).fill(0.5));
  const full = process.memoryUsage().heapUsed;
  expect(waste.length).toBe(16);
  waste = undefined;
  collect();
  expect(process.memoryUsage().heapUsed).toBeLessThan(full - 100 * MIB);
});
