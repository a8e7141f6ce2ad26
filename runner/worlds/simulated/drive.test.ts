import { expect, test } from 'vitest';
import { createVirtualClock } from './clock.ts';
import { drive, SimulationError } from './drive.ts';
import { pass } from './testing/rig.ts';

const nothing = () => {};

test('time jumps from event to event, and stands still while promises run', async () => {
  const clock = createVirtualClock(1);
  const times: number[] = [];
  async function play(): Promise<string> {
    await pass(clock, 3_600_000);
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    times.push(clock.now());
    await pass(clock, 0);
    times.push(clock.now());
    return 'done';
  }
  clock.after(3_600_001, () => times.push(clock.now()));
  expect(await drive(clock, play(), nothing)).toBe('done');
  expect(times).toEqual([3_600_000, 3_600_000]);
});

test('a cancelled timer never fires', async () => {
  const clock = createVirtualClock(1);
  const fired: string[] = [];
  const cancel = clock.after(1, () => fired.push('cancelled'));
  clock.after(1, () => fired.push('kept'));
  cancel();
  await drive(clock, pass(clock, 5), nothing);
  cancel();
  expect(fired).toEqual(['kept']);
});

test('waiting for what never comes is a deadlock', async () => {
  const clock = createVirtualClock(1);
  clock.after(7, nothing);
  await expect(drive(clock, new Promise(nothing), nothing)).rejects.toThrow(
    'deadlock: nothing left to happen, and the run still waits for something (at virtual 7 ms)',
  );
});

test('something outside the simulation that takes one turn is no deadlock', async () => {
  const clock = createVirtualClock(1);
  expect(await drive(clock, new Promise((resolve) => setImmediate(resolve, 'in time')), nothing)).toBe('in time');
});

test('what an event throws ends the run with the error and the virtual time', async () => {
  const clock = createVirtualClock(1);
  const broken = new TypeError('broken peer');
  clock.after(12, () => {
    throw broken;
  });
  const failure: unknown = await drive(clock, pass(clock, 20), nothing).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SimulationError);
  expect(failure).toMatchObject({ message: 'broken peer (at virtual 12 ms)', virtualMs: 12, cause: broken });
});

test('what the check throws ends the run alike', async () => {
  const clock = createVirtualClock(1);
  const check = () => {
    if (clock.now() === 3) throw new Error('checked');
  };
  clock.after(3, nothing);
  await expect(drive(clock, pass(clock, 20), check)).rejects.toThrow('checked (at virtual 3 ms)');
});

test('the error of play is handed on as it is', async () => {
  const clock = createVirtualClock(1);
  const error = new Error('mine');
  await expect(drive(clock, Promise.reject(error), nothing)).rejects.toBe(error);
});

test('timers that go on for ever end the run after a virtual day', async () => {
  const clock = createVirtualClock(1);
  const beat = () => void clock.after(600_000, beat);
  beat();
  await expect(drive(clock, new Promise(nothing), nothing)).rejects.toThrow('the run never comes to its end');
});

test('events that cause each other without time passing end the run', async () => {
  const clock = createVirtualClock(1);
  const spin = () => void clock.after(0, spin);
  spin();
  await expect(drive(clock, new Promise(nothing), nothing)).rejects.toThrow('time stands still');
});

test('nothing happens on a clock that was stopped', async () => {
  const clock = createVirtualClock(1);
  const fired: string[] = [];
  clock.after(1, () => fired.push('before'));
  clock.stop();
  clock.after(1, () => fired.push('after'));
  expect(clock.next()).toBeUndefined();
  expect(fired).toEqual([]);
});
