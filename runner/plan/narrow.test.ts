import { describe, expect, test } from 'vitest';
import { lastFailed, parseShard, shardOf } from './narrow.ts';
import type { PlannedRun } from './plan.ts';

const planned = (id: string, skip?: string): PlannedRun =>
  ({ id, case: { id: id.replace(/@.*/, ''), aliases: [] as string[] }, skip }) as unknown as PlannedRun;
const runs = ['a@client+json', 'a@client+msgpack', 'b@client+json', 'c@client+json', 'c@server+json'].map((id) => planned(id));

describe('shards', () => {
  test('together are the whole plan, once, and keep the runs of a case together', () => {
    for (const count of [1, 2, 3, 7]) {
      const shards = Array.from({ length: count }, (_, i) => shardOf(runs, { index: i + 1, count }));
      expect(
        shards
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(runs.map(({ id }) => id).sort());
      for (const shard of shards)
        for (const run of runs)
          expect(
            shard.filter(({ case: { id } }) => id === run.case.id).length % runs.filter(({ case: { id } }) => id === run.case.id).length,
          ).toBe(0);
    }
  });

  test('are written i/n', () => {
    expect(parseShard('2/5')).toEqual({ index: 2, count: 5 });
    for (const wrong of ['0/5', '6/5', '2', '2/', 'a/b', '1/0']) expect(() => parseShard(wrong)).toThrow('a shard is written 2/5');
  });
});

test('last-failed is what was red or not reached', () => {
  const earlier = [
    { id: 'a@client+json', verdict: 'pass', expected: 'as-expected' },
    { id: 'a@client+msgpack', verdict: 'fail', expected: 'new-failure' },
    { id: 'b@client+json', verdict: 'fail', expected: 'known-failure' },
    { id: 'c@client+json', verdict: 'pass', expected: 'stale-known-failure' },
  ] as const;
  expect(lastFailed(runs, { runs: earlier }).map(({ id }) => id)).toEqual(['a@client+msgpack', 'c@client+json', 'c@server+json']);
  expect(lastFailed([planned('d@client+json', 'no such feature')], { runs: [] })).toEqual([]);
  const again = { runs: [{ id: 'a@client+msgpack', verdict: 'fail', expected: 'new-failure' } as const], greenBefore: ['a@client+json'] };
  expect(lastFailed(runs.slice(0, 2), again).map(({ id }) => id)).toEqual(['a@client+msgpack']);
});

test('last-failed knows what was green when its case was called otherwise', () => {
  const [run = planned('new@client+json')] = [planned('new@client+json')];
  const renamed = { ...run, role: 'client', binding: 'json', repeat: 1, case: { ...run.case, aliases: ['old'] } } as const;
  const green = { id: 'old@client+json', verdict: 'pass', expected: 'as-expected' } as const;
  expect(lastFailed([renamed], { runs: [green] })).toEqual([]);
  expect(lastFailed([renamed], { runs: [{ ...green, verdict: 'fail', expected: 'new-failure' }] })).toEqual([renamed]);
});
