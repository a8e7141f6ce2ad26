import { expect, test } from 'vitest';
import { aCaseRun, aFailure } from '../../reporters/testing/results.ts';
import type { CaseRun, Checkpoint } from './result.ts';
import { scoreOf } from './score.ts';

const checkpoint = (requirement: string, outcome: Checkpoint['outcome'] = 'held'): Checkpoint => ({
  id: `step:${requirement}`,
  judge: 'expectation',
  requirements: [requirement],
  outcome,
});
const inSet = (run: CaseRun, name: string): CaseRun => ({ ...run, case: name, inSet: true });

test('counts cases by their worst case-run and requirements by what broke them, of the set alone', () => {
  const passed = inSet(aCaseRun({ checkpoints: [checkpoint('A'), checkpoint('B'), checkpoint('C', 'not-reached')] }), 'one');
  const known = inSet(aFailure({ expected: 'known-failure', checkpoints: [checkpoint('TEST-01', 'broken')] }), 'two');
  const other = inSet(aCaseRun({ checkpoints: [] }), 'two');
  const skipped = inSet(aCaseRun({ verdict: 'skip' }), 'three');
  const later: CaseRun = { ...aFailure({ checkpoints: [checkpoint('D')] }), case: 'later', inSet: false };
  expect(scoreOf('v1', [passed, known, other, skipped, later])).toEqual({
    set: 'v1',
    cases: { passed: 1, total: 2 },
    requirements: { kept: 2, total: 3 },
  });
});

test('a question breaks nothing', () => {
  const [finding] = aFailure().findings;
  const asked = { spec: 'this', official: 'that', demanded: 'spec' } as const;
  const run = aFailure({
    verdict: 'question',
    findings: finding === undefined ? [] : [{ ...finding, question: asked }],
    checkpoints: [checkpoint('TEST-01', 'broken')],
  });
  expect(scoreOf('v1', [inSet(run, 'one')])).toMatchObject({ cases: { passed: 1, total: 1 }, requirements: { kept: 1, total: 1 } });
});

test('what the set has as one case counts as one, however many it is by now', () => {
  const one = { ...inSet(aCaseRun({ checkpoints: [] }), 'table/a'), setCases: ['old'] };
  const other = { ...inSet(aFailure({ checkpoints: [] }), 'table/b'), setCases: ['old'] };
  const both = { ...inSet(aCaseRun({ checkpoints: [] }), 'table/c'), setCases: ['older', 'oldest'] };
  expect(scoreOf('v1', [one, other, both]).cases).toEqual({ passed: 2, total: 3 });
});
