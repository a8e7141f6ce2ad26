import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lengthOf } from '../../protocols/common/byte-queue.ts';
import { messageOf } from '../../protocols/common/frame.ts';
import type { SpillFile } from '../spill/spill-file.ts';
import { createRecorder } from '../worlds/recorder.ts';
import { startReader, TAP_PACE } from './reader.ts';

const MIB = 1024 * 1024;
/** What a look may take on average while much passes and nobody else has the machine, ms. */
const BUSY_MS = TAP_PACE.busyShare * TAP_PACE.everyMs;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A trace of frames of so many bytes, of which each takes `eachMs` to be read, on a clock that only reading moves. */
function reading(bytes: number, eachMs: number, mostBytesBehind: number, share = 1) {
  let now = 0;
  let looks = 0;
  const read: number[] = [];
  const recorder = createRecorder({ decode: () => ({ ok: true, message: {} }) }, '', () => now);
  const reader = startReader(
    recorder,
    (event) => {
      read.push(event.n);
      now += eachMs;
    },
    // Between two looks the process computes that share of the time.
    { now: () => now, computed: () => share * TAP_PACE.everyMs * looks++ },
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
  expect(took()).toBeLessThanOrEqual(looks * BUSY_MS + 4);
  expect(read.length).toBeGreaterThan(looks / 10);
  expect(reader.behind()).toBe(looks - read.length);
  reader.end();
  expect(read).toEqual(Array.from({ length: looks }, (_, n) => n));
});

test('while large frames pass with a little time between them, that time is not taken to read them', () => {
  const { reader, pass, took } = reading(MIB, 4, Number.POSITIVE_INFINITY);
  const looks = 99;
  for (let i = 0; i < looks; i += 1) {
    if (i % 3 === 0) pass(1);
    vi.advanceTimersByTime(TAP_PACE.everyMs);
  }
  expect(took()).toBeLessThanOrEqual(looks * BUSY_MS + 4);
  expect(reader.behind()).toBeGreaterThan(10);
  vi.advanceTimersByTime(100 * TAP_PACE.everyMs);
  expect(reader.behind()).toBe(0);
  reader.end();
});

test('on a machine that others use, reading is a share of what the tap computes and not of the time that passes', () => {
  const { reader, pass, took } = reading(MIB, 4, Number.POSITIVE_INFINITY, 0.2);
  const looks = 200;
  for (let i = 0; i < looks; i += 1) {
    pass(1);
    vi.advanceTimersByTime(TAP_PACE.everyMs);
  }
  expect(took()).toBeLessThanOrEqual(0.2 * looks * BUSY_MS + 4);
  expect(took()).toBeGreaterThan(0);
  reader.end();
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

test('what was read goes to disk while little passes, down to what is kept at rest, and not while much does', () => {
  let written = 0;
  const file: SpillFile = {
    append(pieces) {
      written += lengthOf(pieces);
      return written - lengthOf(pieces);
    },
    read: () => new Uint8Array(),
    close: () => {},
  };
  const limits = { events: 1000, bytes: 1000 * MIB, inMemory: 100 * MIB, atRest: 20 * MIB };
  const recorder = createRecorder(
    { decode: () => ({ ok: true, message: {} }) },
    '',
    () => 0,
    limits,
    () => file,
  );
  const reader = startReader(
    recorder,
    () => {},
    { now: () => 0, computed: () => 0 },
    { ...TAP_PACE, mostBytesBehind: Number.POSITIVE_INFINITY },
  );
  for (let i = 0; i < 10; i += 1) {
    for (let frame = 0; frame < 6; frame += 1) recorder.sent(0, 'client', messageOf(new Uint8Array(MIB), false));
    vi.advanceTimersByTime(TAP_PACE.everyMs);
  }
  expect(written).toBe(0);
  vi.advanceTimersByTime(100 * TAP_PACE.everyMs);
  expect(written).toBeGreaterThanOrEqual(36 * MIB);
  expect(written).toBeLessThanOrEqual(48 * MIB);
  reader.end();
});

test('what was read goes to disk right behind its reading, and nothing that is still to be read', () => {
  const written: number[] = [];
  let read = 0;
  const file: SpillFile = {
    append(pieces) {
      written.push(read);
      return lengthOf(pieces);
    },
    read: () => new Uint8Array(),
    close: () => {},
  };
  const recorder = createRecorder(
    { decode: () => ({ ok: true, message: {} }) },
    '',
    () => 0,
    { events: 1000, bytes: 1000 * MIB, inMemory: 1000 * MIB, atRest: 0 },
    () => file,
  );
  for (let frame = 0; frame < 64; frame += 1) recorder.sent(0, 'client', messageOf(new Uint8Array(MIB), false));
  const reader = startReader(
    recorder,
    ({ n }) => {
      expect(n).toBe(read);
      read += 1;
    },
    { now: () => 0, computed: () => 0 },
    { ...TAP_PACE, mostBytesBehind: Number.POSITIVE_INFINITY },
  );
  vi.advanceTimersByTime(10 * TAP_PACE.everyMs);
  expect(reader.behind()).toBe(0);
  // Four frames go to disk together, as soon as all of them were read.
  expect(written).toEqual(Array.from({ length: 16 }, (_, i) => 4 * (i + 1)));
  reader.end();
});

test('spare time is when all is read and nothing has passed for a while: once, until something passes again', () => {
  let now = 0;
  let spared = 0;
  const recorder = createRecorder({ decode: () => ({ ok: true, message: {} }) }, '', () => now);
  const reader = startReader(
    recorder,
    () => {
      now += 4;
    },
    { now: () => now, computed: () => now },
    { ...TAP_PACE, mostBytesBehind: Number.POSITIVE_INFINITY },
    () => {
      expect(reader.behind()).toBe(0);
      spared += 1;
    },
  );
  const looks = (count: number): void => void vi.advanceTimersByTime(count * TAP_PACE.everyMs);
  looks(50);
  expect(spared).toBe(0);
  for (let i = 0; i < 50; i += 1) {
    recorder.sent(0, 'client', messageOf(new Uint8Array(1), false));
    looks(1);
  }
  expect(spared).toBe(0);
  for (let i = 0; i < 400; i += 1) recorder.sent(0, 'client', messageOf(new Uint8Array(1), false));
  expect(reader.rests()).toBe(false);
  looks(8);
  expect(reader.behind()).toBeGreaterThan(0);
  expect(spared).toBe(0);
  while (!reader.rests()) {
    expect(spared).toBe(0);
    looks(1);
  }
  looks(400);
  expect([reader.behind(), spared]).toEqual([0, 1]);
  reader.end();
});
