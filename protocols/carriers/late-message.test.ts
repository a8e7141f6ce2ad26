import { expect, test } from 'vitest';
import { bodyLength } from '../common/frame.ts';
import { isBetterLate, LateMessage } from './late-message.ts';

test('the body is made when it is asked for, and once; its length is known before', () => {
  let made = 0;
  const message = new LateMessage({ kind: 'message', text: true }, 3, () => {
    made += 1;
    return Uint8Array.of(1, 2, 3);
  });
  expect([bodyLength(message), made]).toEqual([3, 0]);
  expect(message.data).toBe(message.data);
  expect([...message.data, made]).toEqual([1, 2, 3, 1]);
});

test('what is made of it with another body has the length of that body', () => {
  const outside = { kind: 'data', text: false, part: { exchange: 4 }, written: { between: [], ahead: 2 } };
  const message = new LateMessage(outside, 3, () => Uint8Array.of(1, 2, 3));
  const altered = { ...message, data: Uint8Array.of(9) };
  expect(altered).toEqual({ ...outside, class: 'data', data: Uint8Array.of(9) });
  expect(bodyLength(altered)).toBe(1);
});

test('a body that came in many short pieces is made at once: they take many times its memory', () => {
  expect(isBetterLate(1024 * 1024, 17)).toBe(true);
  expect(isBetterLate(1024 * 1024, 64 * 1024)).toBe(false);
  expect(isBetterLate(100, 1)).toBe(false);
});
