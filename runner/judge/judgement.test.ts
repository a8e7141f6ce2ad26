import { expect, test } from 'vitest';
import { fingerprint } from './judgement.ts';

test.each([
  ['payload.items.3.n', 'payload.items.*.n'],
  ['payload.7', 'payload.*'],
  ['value[2].msg', 'value.*.msg'],
  ['too-early', 'too-early'],
  ['payload.\u001b[2J', 'payload.*'],
  ['a b/c', 'a-b-c'],
])('the field %j stands as %j in a fingerprint', (field, expected) => {
  expect(fingerprint('trace', undefined, 'data', field)).toBe(`trace/none/data/${expected}`);
});
