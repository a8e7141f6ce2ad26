import { expect, it } from 'vitest';
import type { LoadedCase } from '../cases/case.ts';
import { declaredWaitMs, longestFirst } from './longest-first.ts';

function waiting(...actions: readonly object[]): Pick<LoadedCase, 'steps'> {
  // Only the actions are read.
  return { steps: actions.map((action) => ({ action })) as unknown as LoadedCase['steps'] };
}

const quick = waiting({ kind: 'receive', within: 4000 });
const slow = waiting({ kind: 'quiet', for: 500 }, { kind: 'await', after: 700 });

it('adds up quiet times and soonest moments, and no bounds', () => {
  expect(declaredWaitMs(quick)).toBe(0);
  expect(declaredWaitMs(slow)).toBe(1200);
  expect(declaredWaitMs(waiting({ kind: 'opened', after: 1 }, { kind: 'closed', after: 2 }))).toBe(3);
});

it('puts the longest first and keeps the order of equals', () => {
  const units = [
    ['a', quick],
    ['b', slow],
    ['c', quick],
    ['d', slow],
  ] as const;
  expect(longestFirst(units, ([, loaded]) => loaded).map(([name]) => name)).toEqual(['b', 'd', 'a', 'c']);
});
