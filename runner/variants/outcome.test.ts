import { describe, expect, it } from 'vitest';
import type { JobOutcome } from '../mutants/crew.ts';
import { isAtPeace, outcomeLines, outcomeOf, plainOutcomes, seldomLine } from './outcome.ts';
import type { Variant } from './variant.ts';

const variant: Variant = { id: 'v', role: 'client', what: 'does it otherwise', 'allowed-by': ['R-1'], patches: [], area: 'client-x' };
const unpatched = new Map([
  ['a', '1'],
  ['b', '2'],
]);
const ran = (digests: Record<string, string>, notices: JobOutcome['notices'] = []) =>
  outcomeOf(variant, { notices, runs: 2, digests: new Map(Object.entries(digests)) }, unpatched);
const alarm = (run: string) => ({
  run,
  case: run,
  breaks: true,
  verdict: 'fail' as const,
  witnesses: [{ judge: 'expectation', checkpoint: 'step:1', message: 'was late' }],
});

describe('what comes of a variant', () => {
  it('is peace where its liberty shows and nobody minds', () => {
    const outcome = ran({ a: '1', b: 'other' });
    expect(outcome).toMatchObject({ runs: 2, shown: ['b'], alarms: [] });
    expect(isAtPeace(outcome)).toBe(true);
    expect(outcomeLines(outcome, 9)).toEqual(["v (client-x): 2 case-runs, 1 otherwise than the reference peer's, pass"]);
  });

  it('is an error where no trace differs: the liberty was never taken', () => {
    const outcome = ran({ a: '1', b: '2' });
    expect(isAtPeace(outcome)).toBe(false);
    expect(outcomeLines(outcome, 9).join('\n')).toMatch(/no trace differs/);
  });

  it('is every case-run that does not pass, with who says why', () => {
    const outcome = ran({ a: 'other', b: 'other' }, [alarm('a'), alarm('b')]);
    expect(isAtPeace(outcome)).toBe(false);
    expect(outcomeLines(outcome, 1)).toEqual([
      "v (client-x): 2 case-runs, 2 otherwise than the reference peer's, 2 do not pass",
      '  a',
      '    expectation step:1: was late',
      '  and 1 more',
    ]);
    expect(plainOutcomes([outcome])).toMatchObject({
      variants: [{ id: 'v', allowedBy: ['R-1'], runs: 2, shown: 2, alarms: [{ run: 'a' }, { run: 'b' }] }],
    });
  });

  it('names the cases that show it, where those are to be named', () => {
    const outcome = ran({ 'a/b@client+json': 'other', 'a/b@client+msgpack': 'other', 'a/c@client': 'other' });
    expect(seldomLine(outcome)).toBe('v shows in none of its share, so that all 2 were run: shown-by: [a/b, a/c]');
  });
});
