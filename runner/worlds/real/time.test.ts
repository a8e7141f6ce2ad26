import { expect, it } from 'vitest';
import { startClock } from './clock.ts';
import { attentiveTime } from './time.ts';

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('does not count a pause of the process beyond a turn', async () => {
  const time = attentiveTime();
  const stop = time.watch();
  const before = time.now();
  busyFor(200);
  expect(time.now() - before).toBeLessThan(50);
  await new Promise(setImmediate);
  expect(time.now() - before).toBeLessThan(100);
  stop();
});

it('goes on while the loop turns, and never back', async () => {
  const time = attentiveTime();
  const stop = time.watch();
  let last = time.now();
  const first = last;
  for (let i = 0; i < 20; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(time.now()).toBeGreaterThanOrEqual(last);
    last = time.now();
  }
  expect(last).toBeGreaterThan(first);
  stop();
  stop();
});

it('lets a timer wait again for what a pause took, so that what was sent before it is heard first', async () => {
  const time = attentiveTime();
  const stop = time.watch();
  const clock = startClock(1, time.now);
  const order: string[] = [];
  const fired = new Promise<void>((resolve) => {
    clock.after(60, () => {
      order.push('timeout');
      resolve();
    });
  });
  // By the wall clock the timer would be due as soon as this is over.
  busyFor(100);
  setTimeout(() => order.push('heard'), 1);
  await fired;
  expect(order).toEqual(['heard', 'timeout']);
  clock.stop();
  stop();
});
