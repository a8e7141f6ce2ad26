import { afterEach, expect, it } from 'vitest';
import { type RealClock, startClock } from './clock.ts';

let clock: RealClock | undefined;

afterEach(() => clock?.stop());

function started(seed = 1): RealClock {
  clock = startClock(seed);
  return clock;
}

it('calls back once what is running has finished, in the order asked for', async () => {
  const { after } = started();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    after(0, () => order.push('first'));
    after(0, () => {
      order.push('second');
      resolve();
    });
    order.push('running');
  });
  expect(order).toEqual(['running', 'first', 'second']);
});

it('does not call back what was cancelled, nor anything once stopped', async () => {
  const { after, stop } = started();
  const called: string[] = [];
  const cancel = after(0, () => called.push('cancelled'));
  cancel();
  cancel();
  after(0, () => called.push('kept'));
  await new Promise(setImmediate);
  after(0, () => called.push('stopped'));
  stop();
  after(0, () => called.push('late'));
  await new Promise(setImmediate);
  expect(called).toEqual(['kept']);
});

it('takes delays longer than setTimeout does, without firing at once', async () => {
  const called: string[] = [];
  const { after } = started();
  after(1e12, () => called.push('long'));
  after(Number.POSITIVE_INFINITY, () => called.push('never'));
  await new Promise<void>((resolve) => after(3, resolve));
  expect(called).toEqual([]);
});

it('counts from 0 and never back', () => {
  const { now } = started();
  const [a, b] = [now(), now()];
  expect(a).toBeGreaterThanOrEqual(0);
  expect(b).toBeGreaterThanOrEqual(a);
});

it('gives the same random numbers for the same seed', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, started(seed).random);
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});
