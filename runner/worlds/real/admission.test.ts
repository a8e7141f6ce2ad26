import { expect, it } from 'vitest';
import { startAdmission, timerLateness } from './admission.ts';

function latenesses(values: readonly number[]) {
  const left = [...values];
  return { left, next: () => Promise.resolve(left.shift() ?? 0) };
}

it('lets a run in once the loop was in time twice in a row', async () => {
  const late = latenesses([50, 0, 30, 1, 2, 99]);
  await startAdmission(late.next)();
  expect(late.left).toEqual([99]);
});

it('lets runs in one after another', async () => {
  const admit = startAdmission(latenesses([]).next);
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((run) => admit().then(() => order.push(run))));
  expect(order).toEqual([1, 2, 3]);
});

it('lets a run in at last where the loop is never in time', async () => {
  await startAdmission(() => Promise.resolve(1000))();
});

it('measures how late this loop is', async () => {
  const measured = timerLateness();
  const until = performance.now() + 20;
  while (performance.now() < until);
  expect(await measured).toBeGreaterThan(10);
});
