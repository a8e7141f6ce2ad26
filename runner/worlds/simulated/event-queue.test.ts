import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventQueue } from './event-queue.ts';

test('events come by time, those of one time in the order they were added, cancelled ones never', () => {
  const planned = fc.record({ at: fc.nat(5), cancelled: fc.boolean() });
  fc.assert(
    fc.property(fc.array(planned), (plan) => {
      const queue = createEventQueue();
      const happened: number[] = [];
      const events = plan.map(({ at }, index) => queue.add(at, () => happened.push(index)));
      for (const [index, event] of events.entries()) if (plan[index]?.cancelled) event.happen = undefined;
      for (let event = queue.take(); event !== undefined; event = queue.take()) event.happen();
      const expected = plan
        .map(({ at, cancelled }, index) => ({ at, cancelled, index }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.at - b.at || a.index - b.index)
        .map(({ index }) => index);
      expect(happened).toEqual(expected);
    }),
  );
});

test('taking and adding may alternate', () => {
  const queue = createEventQueue();
  queue.add(5, () => {});
  queue.add(1, () => {});
  expect(queue.take()?.at).toBe(1);
  queue.add(3, () => {});
  queue.add(2, () => {});
  expect([queue.take()?.at, queue.take()?.at, queue.take()?.at, queue.take()]).toEqual([2, 3, 5, undefined]);
});

test('a cleared queue gives nothing, and can be filled again', () => {
  const queue = createEventQueue();
  queue.add(5, () => {});
  queue.add(1, () => {});
  queue.clear();
  expect(queue.take()).toBeUndefined();
  queue.add(3, () => {});
  expect(queue.take()?.at).toBe(3);
});
