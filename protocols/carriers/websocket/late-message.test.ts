import { expect, test } from 'vitest';
import { bodyLength } from '../../common/frame.ts';
import { LateMessage } from './late-message.ts';

test('the body is made when it is asked for, and once; its length is known before', () => {
  let made = 0;
  const message = new LateMessage(true, 3, () => {
    made += 1;
    return Uint8Array.of(1, 2, 3);
  });
  expect([bodyLength(message), made]).toEqual([3, 0]);
  expect(message.data).toBe(message.data);
  expect([...message.data, made]).toEqual([1, 2, 3, 1]);
});

test('what is made of it with another body has the length of that body', () => {
  const message = new LateMessage(false, 3, () => Uint8Array.of(1, 2, 3));
  const altered = { ...message, data: Uint8Array.of(9) };
  expect(altered).toEqual({ kind: 'message', class: 'data', text: false, data: Uint8Array.of(9) });
  expect(bodyLength(altered)).toBe(1);
});
