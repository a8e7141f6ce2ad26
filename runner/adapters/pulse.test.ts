import { expect, test } from 'vitest';
import { startPulse } from './pulse.ts';

test('what an answer takes beyond the usual is lost, also while it has not come', async () => {
  let now = 0;
  let answer = (_pong: 'result' | 'late'): void => {};
  const pulse = startPulse(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    () => now,
  );
  const tried = pulse.tryOut();
  now = 300;
  answer('result');
  await tried;
  expect(pulse.lostMs()).toBe(0);
  pulse.beat();
  now += 104;
  expect(pulse.lostMs()).toBe(100);
  pulse.rest();
  answer('result');
  await Promise.resolve();
  await Promise.resolve();
  now += 1000;
  expect(pulse.lostMs()).toBe(100);
});

test('who does not answer the first ping gets no other', async () => {
  let pings = 0;
  const pulse = startPulse(async () => {
    pings += 1;
    return 'late';
  });
  await pulse.tryOut();
  pulse.beat();
  expect(pings).toBe(1);
  expect(pulse.lostMs()).toBe(0);
});
