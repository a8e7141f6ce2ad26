import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { CaseRun } from '../results/result.ts';
import { coverageOf, openRequirements } from './coverage.ts';

const rule = (id: string, changes: Partial<Requirement> = {}): Requirement => ({
  id,
  level: 'MUST',
  role: 'client',
  source: '',
  text: '',
  observe: '',
  faults: [],
  disputed: undefined,
  unobservable: undefined,
  ...changes,
});
const run = (name: string, ...checkpoints: CaseRun['checkpoints']) => ({ case: name, checkpoints });

describe('coverage', () => {
  const rules = [rule('A'), rule('B'), rule('C'), rule('D', { unobservable: 'no frame shows it' }), rule('E', { level: 'MAY' }), rule('F')];
  const coverage = coverageOf(
    rules,
    [
      run(
        'x/one',
        { id: 'step:1', judge: 'expectation', requirements: ['A'], outcome: 'held' },
        { id: 'invariant:river/acks', judge: 'invariant', requirements: ['B', 'A'], outcome: 'held' },
      ),
      run(
        'x/two',
        { id: 'step:1', judge: 'expectation', requirements: ['A'], outcome: 'broken' },
        { id: 'step:2', judge: 'expectation', requirements: ['F'], outcome: 'not-reached' },
      ),
    ],
    new Map([['A', { listed: ['late-ack'], killed: undefined }]]),
  );

  test('comes from checkpoints that were reached', () => {
    expect(coverage[0]).toMatchObject({
      cases: ['x/one', 'x/two'],
      invariants: ['river/acks'],
      mutants: { listed: ['late-ack'] },
      state: 'covered',
    });
    expect(coverage[1]).toMatchObject({ cases: [], invariants: ['river/acks'], mutants: undefined, state: 'covered' });
  });

  test('leaves open what nothing reached and nothing excuses', () => {
    expect(openRequirements(coverage).map(({ requirement }) => requirement.id)).toEqual(['C', 'F']);
    expect(coverage.map(({ state }) => state)).toEqual(['covered', 'covered', 'open', 'unobservable', 'free', 'open']);
  });
});
