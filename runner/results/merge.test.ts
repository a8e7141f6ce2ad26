import { describe, expect, test } from 'vitest';
import { mergeResults } from './merge.ts';
import type { CaseRun, Results } from './result.ts';

const run = (id: string, verdict: CaseRun['verdict'] = 'pass'): CaseRun =>
  ({ id, verdict, expected: 'as-expected', findings: [] }) as unknown as CaseRun;
const part = (runs: CaseRun[], changes: Partial<Results> = {}): Results => ({
  schema: 'weir-results/1',
  weir: '1',
  protocol: 'river',
  startedAt: '2026-01-02',
  durationMs: 5,
  world: 'real',
  seed: 1,
  timeScale: 0.2,
  summary: {},
  runs,
  ...changes,
});

describe('merging', () => {
  test('puts the runs of all parts in order and counts them anew', () => {
    const merged = mergeResults([part([run('b')]), part([run('a', 'fail')], { startedAt: '2026-01-01', durationMs: 9 })]);
    expect(merged.runs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(merged).toMatchObject({ startedAt: '2026-01-01', durationMs: 9, summary: { total: 2, pass: 1, fail: 1 } });
  });

  test.each([
    ['a run in two parts', part([run('a')]), 'a is in more than one'],
    ['another protocol', part([run('b')], { protocol: 'brook' }), 'differ in protocol'],
    ['another version', part([run('b')], { weir: '2' }), 'differ in weir'],
    ['another world', part([run('b')], { world: 'simulated' }), 'differ in world'],
    [
      'another implementation',
      part([run('b')], { implementation: { name: 'x', version: '1', reference: false } }),
      'different implementations',
    ],
  ])('%s is refused', (_name, other, message) => {
    expect(() => mergeResults([part([run('a')]), other])).toThrow(message);
  });

  test('nothing cannot be merged', () => {
    expect(() => mergeResults([])).toThrow('nothing to merge');
  });
});
