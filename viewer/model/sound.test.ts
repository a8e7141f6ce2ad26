import { expect, test } from 'vitest';
import { aCaseRun, aFailure } from '../../reporters/testing/results.ts';
import { soundSays } from './sound.ts';

const checkpoint = (outcome: 'held' | 'not-reached', ...requirements: string[]) => ({
  id: 'a',
  judge: 'invariant' as const,
  requirements,
  outcome,
});

test('of traffic of no case it is said how many rules were examined', () => {
  const checkpoints = [checkpoint('held', 'A', 'B'), checkpoint('held', 'B'), checkpoint('not-reached', 'C')];
  expect(soundSays(aCaseRun({ requirements: [], checkpoints }))).toBe('Nothing was broken of 2 requirements examined.');
});

test('a case names its rules, and a failure what it broke', () => {
  expect(soundSays(aCaseRun({ requirements: ['A'] }))).toBeUndefined();
  expect(soundSays(aFailure({ requirements: [] }))).toBeUndefined();
});
