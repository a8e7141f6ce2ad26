import { expect, test } from 'vitest';
import { cell } from './says.ts';

test.each([
  [{ $undefined: true }, 'nothing'],
  [undefined, 'nothing'],
  [null, 'null'],
  ['nothing', '"nothing"'],
  [{ $bytes: '' }, '{"$bytes":""}'],
])('%j in a table of what differs', (value, words) => {
  expect(cell(value)).toBe(words);
});
