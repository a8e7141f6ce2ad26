import { expect, test } from 'vitest';
import { MOST_KEPT_BYTES, PIECE_BYTES } from '../../common/limits.ts';
import { Room } from '../../common/room.ts';
import { Assembly } from '../assembly.ts';
import { FLAG, type RSocketFrame } from '../frame.ts';
import { Openings } from './openings.ts';
import { ResumeStore } from './resume-store.ts';
import { streams } from './services/streams.ts';
import type { Incoming } from './sinks.ts';

const MIB = 1024 * 1024;
const MOST = 64 * MIB;
const part = new Uint8Array(16 * MIB);

function fragment(streamId: number, data: Uint8Array): RSocketFrame {
  return { type: 'REQUEST_RESPONSE', streamId, flags: FLAG.FOLLOWS, reserved: [], metadata: undefined, data };
}

test('fragments of many requests that never end have a bound together, and those that are refused leave their room to others', () => {
  const openings = new Openings(MOST, new Room());
  const taken = (from: number): number => {
    let streamId = from;
    while (openings.take(fragment(streamId, part)) === undefined) streamId += 2;
    return (streamId - from) / 2;
  };
  const first = taken(1);
  expect(first * part.length).toBeLessThanOrEqual(MOST_KEPT_BYTES);
  expect((first + 2) * part.length).toBeGreaterThan(MOST_KEPT_BYTES);
  for (let streamId = 1; streamId < 2 * first; streamId += 2) openings.drop(streamId);
  expect(taken(1001)).toBe(first);
});

test('fragments without bytes are counted', () => {
  const room = new Room();
  const assembly = new Assembly(room);
  const nothing = { metadata: undefined, data: new Uint8Array() };
  let count = 0;
  for (; !assembly.exceeds(MOST); count += 1) assembly.add(nothing);
  expect(count).toBe(MOST_KEPT_BYTES / PIECE_BYTES);
  assembly.leave();
  expect(new Assembly(room).exceeds(MOST)).toBe(false);
});

test('of an end that acknowledges nothing the oldest frames go, and nobody goes on from there', () => {
  const store = new ResumeStore();
  for (let i = 0; i < 40; i += 1) store.add(part, true);
  expect(store.sent - store.first).toBeLessThanOrEqual(MOST_KEPT_BYTES);
  expect([store.canServe(0), store.canServe(store.first), store.canServe(store.sent)]).toEqual([false, true, true]);
  store.acknowledge(store.sent);
  expect(store.from(store.first)).toEqual([]);
});

test('blocks have a bound together', () => {
  let items = 0;
  const first = { metadata: undefined, data: new TextEncoder().encode(`1000000 ${MOST}`) };
  const call: Partial<Incoming> = {
    first,
    items(list) {
      for (const _item of list) items += 1;
    },
  };
  streams['ticks-blocks']?.(call as Incoming, undefined as never);
  expect(items).toBe(4);
});
