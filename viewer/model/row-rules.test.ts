import { expect, test } from 'vitest';
import { aRow, smallMatrix } from '../testing/made-matrix.ts';
import { brokenRules, skippedFor } from './row-rules.ts';

const small = smallMatrix();
const matrix = {
  ...small,
  findings: [
    ...small.findings,
    { requirement: 'TEST-02', level: 'SHOULD', harm: 'changed' as const, fingerprint: 'd', message: 'it hurt' },
  ],
};

/** Each rule with its weight and the places of the case-runs that show it. */
function told(found: Record<number, number[]>, area?: string): readonly [string, string, readonly number[]][] {
  return brokenRules(matrix, aRow({ found }), area).map(({ id, weight, broken }) => [id, weight, broken.map(({ index }) => index)]);
}

test('MUSTs come before what only advises and questions last, each with the case-runs that show it', () => {
  expect(told({ 0: [2], 1: [1], 3: [1], 6: [0] })).toEqual([
    ['TEST-01', 'must', [6]],
    ['TEST-02', 'advice', [1, 3]],
    ['TEST-03', 'question', [0]],
  ]);
});

test('of what weighs the same the rule that more case-runs break is first', () => {
  expect(told({ 0: [3], 1: [0], 2: [0] }).map(([id]) => id)).toEqual(['TEST-01', 'TEST-02']);
  expect(told({ 0: [3], 1: [3], 2: [0] }).map(([id]) => id)).toEqual(['TEST-02', 'TEST-01']);
});

test('a rule that hurts in one case-run and only advises in another stands once for each; a case-run counts once a rule', () => {
  expect(told({ 0: [1, 3], 1: [1, 1] })).toEqual([
    ['TEST-02', 'must', [0]],
    ['TEST-02', 'advice', [0, 1]],
  ]);
});

test('an area shows only what is broken and skipped in it', () => {
  expect(told({ 0: [0], 1: [0] }, 'stream')).toEqual([['TEST-01', 'must', [1]]]);
  const row = aRow({ skipped: { 1: 0, 2: 0, 4: 0 } });
  expect(skippedFor(matrix, row, undefined)).toEqual([[matrix.reasons[0], 3]]);
  expect(skippedFor(matrix, row, 'stream')).toEqual([[matrix.reasons[0], 2]]);
});
