import { expect, it } from 'vitest';
import { table } from './table.ts';

it('aligns words to the left and numbers to the right', () => {
  expect(
    table(
      ['what', 'ms'],
      [
        ['list', 1.23456],
        ['one case', 1234.5],
      ],
    ),
  ).toBe('| what     |   ms |\n| -------- | ---: |\n| list     | 1.23 |\n| one case | 1235 |');
});
