import { expect, test } from 'vitest';
import { json } from './says.ts';

test.each([
  [{ $undefined: true }, 'nothing'],
  [undefined, 'nothing'],
  [null, 'null'],
  ['nothing', '"nothing"'],
  [{ $bytes: '' }, '{"$bytes":""}'],
])('%j in one line', (value, words) => {
  expect(json(value)).toBe(words);
});
