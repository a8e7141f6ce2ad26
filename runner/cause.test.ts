import { describe, expect, it } from 'vitest';
import { causeOf, samplesOf } from './cause.ts';
import type { Assignment } from './execute/case-run.ts';
import type { Timeliness } from './judge/punctuality.ts';
import type { CaseRun, Finding } from './results/result.ts';

const found: Finding = {
  judge: 'invariant',
  checkpoint: 'invariant:brook/flags',
  level: 'MUST',
  message: '',
  events: [],
  fingerprint: 'invariant/BROOK-1/flags/open',
};

/** A finding that turns on how long something took. */
const waited: Finding = { ...found, judge: 'expectation', checkpoint: 'step:3', fingerprint: 'expectation/BROOK-1/await/timeout' };

/** The cause of a run of a case of `file`. */
function cause(
  findings: readonly Finding[],
  { file = 'a.yaml', timeliness = 'in-time', ...changes }: { file?: string; timeliness?: Timeliness } & Partial<CaseRun> = {},
) {
  const run = { role: 'client', verdict: 'fail', expected: 'new-failure', ...changes, findings } as unknown as CaseRun;
  return causeOf(run, { timeliness, assignment: { case: { file } } as unknown as Assignment }, {});
}

describe('a cause', () => {
  it('is what a wrong frame is in any case', () => {
    expect(cause([found])).toBeDefined();
    expect(cause([found], { file: 'b.yaml' })).toBe(cause([found]));
  });

  it('that turns on time is one of a file and a place in it', () => {
    expect(cause([waited])).toBe(cause([waited]));
    expect(cause([waited], { file: 'b.yaml' })).not.toBe(cause([waited]));
    expect(cause([{ ...waited, checkpoint: 'step:4' }])).not.toBe(cause([waited]));
  });

  it.each([
    ['another role', { role: 'server' }],
    ['another verdict', { verdict: 'warn' }],
    ['another standing', { expected: 'known-failure' }],
  ] as const)('is another for %s', (_, changes) => expect(cause([found], changes)).not.toBe(cause([found])));

  it('is another where more was found', () => expect(cause([found, waited])).not.toBe(cause([found])));

  it.each([
    ['what came late', [waited], { timeliness: 'late' }],
    ['what was too late to tell', [waited], { verdict: 'unclear' }],
    ['a pass that should be none', [], { verdict: 'pass', expected: 'stale-known-failure' }],
    ['an adapter that broke', [{ ...found, judge: 'adapter' }], { verdict: 'error' }],
    ['what shows only beside the other binding', [{ ...found, judge: 'binding' }], {}],
  ] as const)('has none: %s', (_, findings, changes) => expect(cause(findings as readonly Finding[], changes)).toBeUndefined());
});

it.each([
  [1, 1],
  [8, 1],
  [9, 2],
  [33, 5],
])('of %i alike %i are samples', (count, samples) => {
  const all = Array.from({ length: count }, (_, i) => i);
  expect(samplesOf(all)).toHaveLength(samples);
});
