import { describe, expect, test } from 'vitest';
import { concerning } from './adapters/known-failures.ts';
import type { FirstRun } from './confirm.ts';
import type { Completed } from './execute/case-run.ts';
import type { CaseRun, Finding } from './results/result.ts';
import { standsDespite } from './stands-despite.ts';

const frame: Finding = {
  ...{ judge: 'invariant', checkpoint: 'invariant:brook/flags', level: 'MUST', message: '', events: [] },
  fingerprint: 'invariant/BROOK-1/flags/open',
};
const value: Finding = { ...frame, judge: 'expectation', checkpoint: 'step:1', fingerprint: 'expectation/BROOK-1/receive/value' };
const nothing = concerning([], undefined);
const run = (verdict: CaseRun['verdict'], expected: CaseRun['expected'] = 'as-expected'): CaseRun =>
  ({ case: 'brook/a', role: 'client', binding: 'json', verdict, expected, findings: [] }) as unknown as CaseRun;

function first(unexcused: readonly Finding[], { expected = 'new-failure', disturbed = false }: Partial<FirstRun & CaseRun> = {}): FirstRun {
  return { first: run('fail', expected), completed: { unexcused } as unknown as Completed, disturbed };
}

describe('a first verdict', () => {
  test.each(['pass', 'warn', 'question', 'unclear'] as const)('stands for what nothing excuses, though the second is %s', (verdict) => {
    expect(standsDespite(run(verdict), first([value]), nothing)).toBe(true);
    expect(standsDespite(run(verdict), first([]), nothing)).toBe(false);
  });

  test.each(['fail', 'error'] as const)('makes way for one that is no better: %s', (verdict) => {
    expect(standsDespite(run(verdict), first([value]), nothing)).toBe(false);
  });

  test('makes way where it breaks no build', () => {
    expect(standsDespite(run('pass'), first([value], { expected: 'known-failure' }), nothing)).toBe(false);
    expect(standsDespite(run('pass'), first([value], { expected: 'beyond-set' }), nothing)).toBe(false);
  });

  test('makes way where a list explains what nothing else excuses', () => {
    const listed = concerning([{ case: 'brook/*', fingerprint: value.fingerprint, reason: 'sometimes' }], undefined);
    expect(standsDespite(run('pass'), first([value]), listed)).toBe(false);
    expect(standsDespite(run('pass'), first([value, frame]), listed)).toBe(true);
  });

  test('stands for a wrong frame alone where a run beside it disturbed the process of both', () => {
    expect(standsDespite(run('pass'), first([value], { disturbed: true }), nothing)).toBe(false);
    expect(standsDespite(run('pass'), first([value, frame], { disturbed: true }), nothing)).toBe(true);
  });
});
