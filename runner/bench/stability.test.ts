import { expect, it } from 'vitest';
import { ratesOf } from '../results/rates.ts';
import type { CaseRun } from '../results/result.ts';
import { unstable } from './stability.ts';

function run(id: string, verdict: CaseRun['verdict'], message?: string): CaseRun {
  const findings =
    message === undefined ? [] : [{ judge: 'trace', level: 'MUST', message, events: [], checkpoint: 'trace', fingerprint: 'f' }];
  // What is not read is left out.
  return { id, verdict, findings } as unknown as CaseRun;
}

it('names the case-runs whose repeats differ, and what was found', () => {
  const runs = [
    run('a@client+json', 'pass'),
    run('b@client+json', 'pass'),
    run('a@client+json#2', 'pass'),
    run('b@client+json#2', 'fail', 'late'),
  ];
  expect(unstable({ runs, rates: ratesOf(runs) })).toEqual([{ id: 'b@client+json', verdicts: { pass: 1, fail: 1 }, message: 'late' }]);
});

it('takes no offence at a case-run that always fails', () => {
  const runs = [run('a', 'fail', 'x'), run('a#2', 'fail', 'x')];
  expect(unstable({ runs, rates: ratesOf(runs) })).toEqual([]);
});
