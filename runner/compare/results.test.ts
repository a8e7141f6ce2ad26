import { describe, expect, test } from 'vitest';
import { aCaseRun, aFailure, someResults } from '../../reporters/testing/results.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { diffReport } from './grammar.ts';
import { compareResults } from './results.ts';
import { tellResults } from './tell.ts';

const X = 'expectation/TEST-01/receive/timeout';
const Y = 'invariant/TEST-02/data/seq';

const pass = (changes: Partial<CaseRun> = {}): CaseRun => aCaseRun(changes);
const fail = (fingerprint = X, changes: Partial<CaseRun> = {}): CaseRun => aFailure(changes, fingerprint);
const skip = (): CaseRun => aCaseRun({ verdict: 'skip', skipReason: 'no feature' });
/** Repeats of one case-run. */
const repeated = (...runs: readonly CaseRun[]): CaseRun[] => runs.map((run, i) => (i === 0 ? run : { ...run, id: `${run.id}#${i + 1}` }));
const times = (count: number, run: CaseRun): CaseRun[] => Array.from({ length: count }, () => run);

const compare = (a: readonly CaseRun[], b: readonly CaseRun[]) => {
  const report = compareResults({ file: 'a', results: someResults([...a]) }, { file: 'b', results: someResults([...b]) });
  expect(diffReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  return report;
};

describe('a case-run', () => {
  test.for<[string, CaseRun[], CaseRun[], string | undefined]>([
    ['passes on both sides', [pass()], [pass({ durationMs: 999 })], undefined],
    ['fails by the same cause', [fail()], [fail(X, { durationMs: 999 })], undefined],
    ['fails now', [pass()], [fail()], 'news'],
    ['fails where it warned', [fail(X, { verdict: 'warn' })], [fail()], 'news'],
    ['passes now', [fail()], [pass()], 'mended'],
    ['fails by another cause', [fail(X)], [fail(Y)], 'other-cause'],
    ['is there no more', [pass()], [], 'only-in-a'],
    ['is new', [], [fail()], 'only-in-b'],
    ['is skipped now', [pass()], [skip()], 'only-in-a'],
    ['is skipped no more', [skip()], [fail()], 'only-in-b'],
    ['is skipped on both sides', [skip()], [skip()], undefined],
    ['is skipped here and not there at all', [skip()], [], undefined],
    ['of which nothing could be told before', [fail(X, { verdict: 'unclear' })], [fail()], 'only-in-b'],
    ['of which nothing can be told on either side', [fail(X, { verdict: 'unclear' })], [skip()], undefined],
    [
      'fails as before, but for a repeat of which nothing can be told',
      [fail()],
      repeated(fail(), fail(Y, { verdict: 'unclear' })),
      undefined,
    ],
    ['is no more steady', repeated(...times(5, pass())), repeated(...times(4, pass()), fail()), 'flakier'],
    ['was unsteady and passes', repeated(...times(4, pass()), fail()), repeated(...times(5, pass())), 'mended'],
    ['was unsteady and fails', repeated(...times(4, pass()), fail()), repeated(...times(5, fail())), 'news'],
    [
      'is as unsteady as before',
      repeated(...times(8, pass()), fail(), fail()),
      repeated(...times(7, pass()), ...times(3, fail())),
      undefined,
    ],
    [
      'fails far more often',
      repeated(...times(95, pass()), ...times(5, fail())),
      repeated(...times(20, pass()), ...times(80, fail())),
      'flakier',
    ],
    [
      'fails far less often',
      repeated(...times(20, pass()), ...times(80, fail())),
      repeated(...times(95, pass()), ...times(5, fail())),
      'steadier',
    ],
    ['is as unsteady, but by another cause', repeated(pass(), fail(X)), repeated(pass(), fail(Y)), 'other-cause'],
  ])('%s', ([, a, b, kind]) => {
    const report = compare(a, b);
    expect(report.changes.map((change) => change.kind)).toEqual(kind === undefined ? [] : [kind]);
    expect(report.same).toBe(kind === undefined ? 1 : 0);
  });

  test('whose case was renamed is itself', () => {
    const renamed = { id: 'river/rpc/sum@client+json', case: 'river/rpc/sum', aliases: ['river/rpc/add'] };
    expect(compare([fail()], [fail(X, renamed)]).changes).toEqual([]);
    expect(compare([pass()], [fail(X, renamed)]).changes.map(({ id, kind }) => [id, kind])).toEqual([
      ['river/rpc/sum@client+json', 'news'],
    ]);
  });
});

test('two versions are told by cause, the gravest first, hostile words on their lines', () => {
  const of = (name: string, runs: CaseRun[]): Results => ({
    ...someResults(runs),
    implementation: { name: 'mine', version: name, reference: false },
  });
  const named = (id: string) => ({ id: `${id}@client+json`, case: id });
  const many = Array.from({ length: 7 }, (_, i) => named(`river/b/${i}`));
  const hostile = fail(Y, named('river/a'));
  const [finding] = hostile.findings;
  if (finding === undefined) throw new Error('it has one');
  const a = of('1.0', [pass(named('river/a')), ...many.map((each) => pass(each)), fail(X, named('river/c')), pass(named('river/d'))]);
  const b = of('2.0\n', [
    { ...hostile, findings: [{ ...finding, message: 'said \u001b[2J\nnews: forged' }] },
    ...many.map((each) => fail(X, each)),
    pass(named('river/c')),
    pass(named('river/d')),
  ]);
  const lines = tellResults(compareResults({ file: 'one', results: a }, { file: 'two', results: b }));
  expect(lines[0]).toMatch(/^a: one: mine 1\.0, 10 case-runs, /);
  expect(lines.slice(2)).toEqual([
    '',
    '8 case-runs worse in b',
    `  pass → fail (${X})`,
    '    sum read nothing',
    ...many.slice(0, 5).map(({ id }) => `    ${id}`),
    '    and 2 more',
    `  pass → fail (${Y})`,
    '    said \\u001b[2J\\nnews: forged',
    '    river/a@client+json',
    '',
    '1 case-run better in b',
    `  fail (${X}) → pass`,
    '    sum read nothing',
    '    river/c@client+json',
    '',
    '1 case-run is the same',
  ]);
});
