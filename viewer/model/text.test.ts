import { expect, test } from 'vitest';
import { bytes, count, duration, middle, number } from './text.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [-1234, '-1,234'],
  [12345.5, '12,345.5'],
])('%d is written with its thousands apart', (value, text) => {
  expect(number(value)).toBe(text);
});

test('numbers have their units', () => {
  expect([count(1, 'cause'), count(1624, 'case-run')]).toEqual(['1 cause', '1,624 case-runs']);
  expect([duration(1250.4), duration(128_300)]).toEqual(['1,250 ms', '128.3 s']);
  expect([bytes(1), bytes(1536), bytes(3 * 1024 * 1024)]).toEqual(['1 byte', '1.5 KiB', '3.0 MiB']);
});

test('a long text is cut in its middle, to the length that is asked for', () => {
  expect(middle('abcdefghij', 10)).toBe('abcdefghij');
  expect(middle('abcdefghijk', 6)).toBe('abc…jk');
  for (let most = 1; most < 12; most += 1) expect(middle('abcdefghijk', most)).toHaveLength(Math.min(most, 11));
});
