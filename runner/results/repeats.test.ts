import { expect, test } from 'vitest';
import { repeatsOf, worstOf } from './repeats.ts';
import type { Verdict } from './result.ts';

test('repeats stand together, in the order of the first of each', () => {
  const ids = ['a@client+json', 'b@client+json', 'a@client+json#2', 'b@client+json#10'];
  const repeats = repeatsOf(ids.map((id) => ({ id })));
  expect([...repeats].map(([id, runs]) => [id, runs.map((run) => run.id)])).toEqual([
    ['a@client+json', ['a@client+json', 'a@client+json#2']],
    ['b@client+json', ['b@client+json', 'b@client+json#10']],
  ]);
});

test.each<[[Verdict, ...Verdict[]], number]>([
  [['pass', 'fail', 'fail'], 1],
  [['error', 'fail'], 1],
  [['question', 'warn'], 1],
  [['unclear', 'pass'], 1],
  [['skip', 'unclear'], 1],
  [['warn', 'pass'], 0],
])('of %j the worst is number %i', ([first, ...others], index) => {
  const runs = others.map((verdict) => ({ verdict }));
  const all: [{ verdict: Verdict }, ...{ verdict: Verdict }[]] = [{ verdict: first }, ...runs];
  expect(worstOf(all)).toBe(all[index]);
});
