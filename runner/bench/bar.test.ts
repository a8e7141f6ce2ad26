import { expect, it } from 'vitest';
import { type Bar, barCell, barCells, isMet } from './bar.ts';

const soon: Bar = { is: 'at most', value: 9, unit: 's' };
const often: Bar = { is: 'at least', value: 500, unit: 'a second' };

it('is met at its very value, on its own side alone', () => {
  expect([8, 9, 9.1].map((value) => isMet(soon, value))).toEqual([true, true, false]);
  expect([501, 500, 499].map((value) => isMet(often, value))).toEqual([true, true, false]);
});

it('is missed by what could not be measured', () => {
  expect(isMet(soon, Number.NaN)).toBe(false);
  expect(isMet(often, Number.NaN)).toBe(false);
});

it('says what was asked, and whether it is met', () => {
  expect(barCell(soon, 13.1)).toBe('at most 9 s: MISSED');
  expect(barCell(undefined, 13.1)).toBe('');
  expect(
    barCells([
      [often, 600],
      [undefined, 1],
      [soon, 8],
    ]),
  ).toBe('at least 500 a second: met; at most 9 s: met');
});
