import { expect, test } from 'vitest';
import type { Frame, Role } from '../../protocols/common/frame.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { isOwnBurden } from './own-burden.ts';

const ping: Frame = { kind: 'ping', class: 'upkeep', data: new Uint8Array() };
const message = (length: number): Frame => ({ kind: 'message', class: 'data', text: false, data: new Uint8Array(length) });
const sent = (from: Role, ...frames: Frame[]): Trace =>
  frames.map((frame, n) => ({ n, t: n, type: 'sent', connection: 0, from, frame, decoded: undefined }));
const usual = sent('client', message(40), message(40));

test('who sends far more than the reference peer, in frames or in bytes, has itself to thank', () => {
  expect(isOwnBurden(sent('client', ...Array<Frame>(2000).fill(ping)), usual, 'client')).toBe(true);
  expect(isOwnBurden(sent('client', message(20 * 2 ** 20)), usual, 'client')).toBe(true);
});

test('who sends about as much, or whose other end sends more, has not', () => {
  expect(isOwnBurden(sent('client', message(60), ping, ping), usual, 'client')).toBe(false);
  expect(isOwnBurden(sent('server', ...Array<Frame>(2000).fill(ping)), usual, 'client')).toBe(false);
  const large = sent('client', message(20 * 2 ** 20));
  expect(isOwnBurden(large, large, 'client')).toBe(false);
  expect(isOwnBurden(large, undefined, 'client')).toBe(false);
});
