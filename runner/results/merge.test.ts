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
    ['what is no shard', part([run('b')], { shard: { index: 1, count: 2 } }), 'shared out differently: a whole and one of 2 parts'],
    ['another world', part([run('b')], { world: 'simulated' }), 'differ in world'],
    [
      'another implementation',
      part([run('b')], { implementation: { name: 'x', version: '1', reference: false } }),
      'different implementations',
    ],
  ])('%s is refused', (_name, other, message) => {
    expect(() => mergeResults([part([run('a')]), other])).toThrow(message);
  });

  test('a shard that is missing is refused', () => {
    const shard = (index: number, count: number) => part([run(`r${index}`)], { shard: { index, count } });
    expect(() => mergeResults([shard(1, 3), shard(3, 3)])).toThrow('the results of shard 2 of 3 are missing');
    expect(() => mergeResults([shard(2, 9)])).toThrow('the results of 8 shards are missing: 1, 3, 4, 5, 6, … of 9');
    expect(() => mergeResults([shard(1, 3), shard(2, 2)])).toThrow('one of 3 parts and one of 2 parts');
    expect(mergeResults([shard(2, 2), shard(1, 2)])).not.toHaveProperty('shard');
  });

  test.each([
    ['one of a thousand million', [[1, 1_000_000_000]], 'the results of 999999999 shards are missing: 2, 3, 4, 5, 6, … of 1000000000'],
    ['one of more than an array holds', [[7, Number.MAX_SAFE_INTEGER]], 'shards are missing: 1, 2, 3, 4, 5, … of 9007199254740991'],
    [
      'one beyond the last',
      [
        [1, 1],
        [3, 1],
      ],
      'there is no shard 3 of 1',
    ],
    [
      'the same one twice',
      [
        [1, 2],
        [1, 2],
        [2, 2],
      ],
      'the results of shard 1 of 2 are there twice',
    ],
  ] as const)('shards of which there is %s are refused', (_which, shards, message) => {
    const parts = shards.map(([index, count], i) => part([run(`r${i}`)], { shard: { index, count } }));
    expect(() => mergeResults(parts)).toThrow(message);
  });

  test('nothing cannot be merged', () => {
    expect(() => mergeResults([])).toThrow('nothing to merge');
  });
});
