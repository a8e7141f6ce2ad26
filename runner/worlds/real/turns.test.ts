import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurns } from './turns.ts';

/** Something that takes longer than a connection may in one turn. */
function work(): void {
  const until = performance.now() + 60;
  while (performance.now() < until);
}

test('what a connection brings keeps its order, and lets others have a turn once it takes long', async () => {
  const happened: string[] = [];
  const inTurn = inTurns({ pause: () => happened.push('paused'), resume: () => happened.push('resumed') });
  setImmediate(() => happened.push('another'));
  for (const what of ['a', 'b', 'c']) {
    inTurn(() => {
      happened.push(what);
      work();
    });
  }
  while (!happened.includes('resumed')) await turn();
  expect(happened).toEqual(['a', 'paused', 'another', 'b', 'c', 'resumed']);
});

test('what takes no time is taken at once', () => {
  const happened: number[] = [];
  const inTurn = inTurns({ pause: () => happened.push(-1), resume: () => happened.push(-2) });
  for (let i = 0; i < 5; i += 1) inTurn(() => happened.push(i));
  expect(happened).toEqual([0, 1, 2, 3, 4]);
});
