import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { messageOf } from '../../protocols/common/frame.ts';
import { createRecorder } from '../worlds/recorder.ts';
import { startReader, TAP_PACE } from './reader.ts';

const MIB = 1024 * 1024;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A trace of frames of so many bytes, of which each takes `eachMs` to be read, on a clock that only reading moves. */
function reading(bytes: number, eachMs: number, mostBytesBehind: number) {
  let now = 0;
  const read: number[] = [];
  const recorder = createRecorder({ decode: () => ({ ok: true, message: {} }) }, '', () => now);
  const reader = startReader(
    recorder,
    (event) => {
      read.push(event.n);
      now += eachMs;
    },
    () => now,
    { ...TAP_PACE, mostBytesBehind },
  );
  const pass = (frames: number): void => {
    for (let i = 0; i < frames; i += 1) recorder.sent(0, 'client', messageOf(new Uint8Array(bytes), false));
  };
  return { read, reader, pass, took: () => now };
}

test('while large frames pass, reading them takes no more of the time than reading small ones does', () => {
  const { read, reader, pass, took } = reading(MIB, 4, Number.POSITIVE_INFINITY);
  const looks = 100;
  for (let i = 0; i < looks; i += 1) {
    pass(1);
    vi.advanceTimersByTime(TAP_PACE.everyMs);
  }
  expect(took()).toBeLessThanOrEqual(looks * TAP_PACE.busyMs + 4);
  expect(read.length).toBeGreaterThan(looks / 10);
  expect(reader.behind()).toBe(looks - read.length);
  reader.end();
  expect(read).toEqual(Array.from({ length: looks }, (_, n) => n));
});

test('what passed is read as soon as nothing passes any more', () => {
  const { read, reader, pass } = reading(MIB, 4, Number.POSITIVE_INFINITY);
  pass(20);
  vi.advanceTimersByTime(TAP_PACE.everyMs);
  expect(read.length).toBeLessThan(3);
  vi.advanceTimersByTime(20 * TAP_PACE.everyMs);
  expect(reader.behind()).toBe(0);
});

test('more bytes than may wait are read before anything else passes', () => {
  const { reader, pass } = reading(MIB, 4, 10 * MIB);
  for (let i = 0; i < 5; i += 1) {
    pass(8);
    vi.advanceTimersByTime(TAP_PACE.everyMs);
    expect(reader.behind()).toBeLessThanOrEqual(10);
  }
});
