import { expect, test } from 'vitest';
import type { Frame, MessageFrame, OpeningFrame } from './frame.ts';
import { startPlaces } from './whereabouts.ts';

const head = (exchange: number): MessageFrame => ({
  kind: 'head',
  class: 'data',
  text: false,
  data: new Uint8Array(),
  part: { exchange, head: true },
});
const opening = { kind: 'upgrade', class: 'opening', data: new Uint8Array() } as OpeningFrame;

test('heads are known by their exchange until the answer of a later one is past, openings until their connection is', () => {
  const places = startPlaces('any');
  const headsOf = (connection: number, exchange: number) => places.of(connection, 'client', { exchange }).heads?.length;
  const learn = <F extends Frame>(connection: number, frame: F): F => {
    expect(places.learn(connection, frame)).toBe(true);
    return frame;
  };
  learn(0, opening);
  learn(1, opening);
  learn(0, head(0));
  const secondRequest = learn(0, head(1));
  learn(0, head(0));
  const secondAnswer = learn(0, head(1));
  learn(1, head(0));

  // The second request went out before the first was answered: its being past says nothing of the first.
  places.forgetBefore(0, secondRequest);
  expect([headsOf(0, 0), headsOf(0, 1)]).toEqual([2, 2]);
  places.forgetBefore(0, secondAnswer);
  expect([headsOf(0, 0), headsOf(0, 1), headsOf(1, 0)]).toEqual([undefined, 2, 1]);
  expect(places.of(0, 'client').openings).toEqual([opening]);
  places.forget(0);
  expect([headsOf(0, 1), headsOf(1, 0)]).toEqual([undefined, 1]);
  expect(places.of(0, 'client').openings).toEqual([]);
  expect(places.of(1, 'client').openings).toEqual([opening]);
});

test('what neither opens a connection nor is a head is not kept', () => {
  const places = startPlaces('any');
  expect(places.learn(0, { kind: 'data', class: 'data', text: false, data: new Uint8Array(), part: { exchange: 0 } })).toBe(false);
  expect(places.of(0, 'client', { exchange: 0 }).heads).toBeUndefined();
});
