import { expect, test } from 'vitest';
import type { Frame, Role } from '../../protocols/common/frame.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { type Burden, isOwnBurden } from './own-burden.ts';

const ping: Frame = { kind: 'ping', class: 'upkeep', data: new Uint8Array() };
const message = (length: number): Frame => ({ kind: 'message', class: 'data', text: false, data: new Uint8Array(length) });
const sent = (from: Role, ...frames: Frame[]): Trace =>
  frames.map((frame, n) => ({ n, t: n, type: 'sent', connection: 0, from, frame, decoded: undefined }));
const seen = (wholeTrace: Trace, taken = 0): Burden => ({ wholeTrace, taken: { client: taken, server: 0 } });
const usual = sent('client', message(40), message(40));

test('who sends far more than the reference peer, in frames or in bytes, has itself to thank', () => {
  expect(isOwnBurden(seen(sent('client', ...Array<Frame>(2000).fill(ping))), usual, 'client')).toBe(true);
  expect(isOwnBurden(seen(sent('client', message(20 * 2 ** 20))), usual, 'client')).toBe(true);
});

test('who sends about as much, or whose other end sends more, has not', () => {
  expect(isOwnBurden(seen(sent('client', message(60), ping, ping)), usual, 'client')).toBe(false);
  expect(isOwnBurden(seen(sent('server', ...Array<Frame>(2000).fill(ping))), usual, 'client')).toBe(false);
  const large = sent('client', message(20 * 2 ** 20));
  expect(isOwnBurden(seen(large), large, 'client')).toBe(false);
  expect(isOwnBurden(seen(large), undefined, 'client')).toBe(false);
});

test('bytes count though the connection was over before they were a frame', () => {
  expect(isOwnBurden(seen([], 40 * 2 ** 20), usual, 'client')).toBe(true);
  expect(isOwnBurden(seen([], 4000), usual, 'client')).toBe(false);
  expect(isOwnBurden(seen([], 40 * 2 ** 20), usual, 'server')).toBe(false);
});
