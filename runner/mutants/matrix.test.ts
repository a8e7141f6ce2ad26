import { describe, expect, test } from 'vitest';
import type { Notice } from './crew.ts';
import { fateOf, matrixOf, plainMatrix } from './matrix.ts';
import type { Mutant } from './mutant.ts';
import { reportLines } from './report.ts';

const mutant = (id: string, more: Partial<Mutant> = {}): Mutant => ({
  ...{ id, role: 'client', what: `the bug ${id}`, patches: [], requirement: ['R-1'], area: 'client-x' },
  ...more,
});
const notice = (name: string, judge: string, checkpoint: string, breaks = true): Notice => ({
  run: `${name}@client+json`,
  case: name,
  breaks,
  verdict: breaks ? 'fail' : 'warn',
  witnesses: [{ judge, checkpoint, message: 'm' }],
});

describe('the fate of a mutant', () => {
  test.each([
    ['nobody noticed', [], 'survived'],
    ['an expectation', [notice('a', 'expectation', 'step:1')], 'killed'],
    ['an invariant', [notice('a', 'invariant', 'invariant:acks')], 'killed'],
    ['a hang', [notice('a', 'harness', 'hang')], 'killed'],
    ['a crash', [notice('a', 'harness', 'crash: oops')], 'killed'],
    ['an invariant that threw', [notice('a', 'harness', 'invariant:acks')], 'error'],
    ['nothing reached', [notice('a', 'harness', 'not-reached')], 'error'],
  ] as const)('%s: %s', (_name, notices, fate) => {
    expect(fateOf(mutant('m'), notices, () => true)).toBe(fate);
  });

  test('one that breaks a binding rule has to break a build', () => {
    const warned = [notice('a', 'expectation', 'step:1', false)];
    expect(fateOf(mutant('m'), warned, () => true)).toBe('warned');
    expect(fateOf(mutant('m'), warned, () => false)).toBe('killed');
  });

  test('an equivalent mutant has no other', () => {
    expect(fateOf(mutant('m', { equivalent: 'nobody can tell' }), [], () => true)).toBe('equivalent');
  });
});

describe('the matrix', () => {
  const cases = ['a', 'b', 'c'].map((id) => ({ id, roles: ['client'] as const }));
  const killed = (each: Mutant, notices: readonly Notice[]) => ({
    mutant: each,
    fate: fateOf(each, notices, () => true),
    notices,
    runs: 3,
  });
  const matrix = matrixOf(
    [
      killed(mutant('one'), [notice('a', 'expectation', 'step:1'), notice('b', 'invariant', 'invariant:acks')]),
      killed(mutant('common'), [notice('a', 'trace', 'trace'), notice('b', 'trace', 'trace'), notice('c', 'trace', 'trace')]),
      killed(mutant('survivor'), []),
      killed(mutant('same', { equivalent: 'nobody can tell' }), []),
    ],
    cases,
    ['acks', 'flags'],
  );

  test('counts killed, total and equivalent by area', () => {
    expect(matrix.areas).toEqual([{ area: 'client-x', killed: 2, total: 3, equivalent: 1 }]);
  });

  test('an invariant that struck during a case is not the case’s own', () => {
    expect(matrix.killsOfCase.get('a')).toEqual(['one']);
    expect(matrix.idleInvariants).toEqual(['flags']);
  });

  test('what nearly every case notices says nothing about a case', () => {
    expect(matrix.idleCases).toEqual(['b', 'c']);
  });

  test('its report names survivors, idle cases and idle invariants, the latter only where everything ran', () => {
    const whole = reportLines(matrix, true).join('\n');
    expect(whole).toContain('survivor (client, R-1): the bug survivor');
    expect(whole).toMatch(/cases that kill nothing in particular \(2\):\n {2}b\n {2}c/);
    expect(whole).toMatch(/invariants that kill nothing \(1\):\n {2}flags/);
    expect(reportLines(matrix, false).join('\n')).not.toContain('kill nothing');
  });

  test('as plain data it says who killed whom', () => {
    expect(JSON.parse(JSON.stringify(plainMatrix(matrix)))).toMatchObject({
      mutants: [{ id: 'one', fate: 'killed', noticedBy: [{ run: 'a@client+json' }, { run: 'b@client+json' }] }, {}, {}, {}],
      cases: { a: ['one'] },
      invariants: { acks: ['one'] },
    });
  });
});
