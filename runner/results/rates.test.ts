import { expect, test } from 'vitest';
import { ratesOf } from './rates.ts';
import type { CaseRun } from './result.ts';

const run = (id: string, verdict: CaseRun['verdict'] = 'pass') => ({ id, verdict });

test('a case-run that was repeated has a rate, the least steady first; one that was not has none', () => {
  const runs = [run('a'), run('a#2'), run('b'), run('b#2', 'fail'), run('b#3'), run('c', 'fail'), run('c#2'), run('d')];
  expect(ratesOf(runs)).toEqual([
    { id: 'c', times: 2, counts: { fail: 1, pass: 1 } },
    { id: 'b', times: 3, counts: { pass: 2, fail: 1 } },
    { id: 'a', times: 2, counts: { pass: 2 } },
  ]);
});
