import { expect, test } from 'vitest';
import { matrix as grammar } from '../results/matrix.ts';
import { changesOf } from '../results/matrix-changes.ts';
import { tallyOf } from '../results/matrix-tally.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { buildMatrix } from './build.ts';
import { matrixMarkdown } from './markdown.ts';
import type { RowOutcome, RowSubject } from './row.ts';

const subject = (version: string, changes: Partial<RowSubject> = {}): RowSubject => ({
  id: `mine@${version}`,
  name: 'mine',
  title: 'Mine',
  version,
  reference: false,
  roles: ['client'],
  ...changes,
});

function aRun(name: string, changes: Partial<CaseRun> = {}): CaseRun {
  const [bare = ''] = name.split('#');
  return {
    id: `brook/rpc/${bare}@client+json${name.slice(bare.length)}`,
    case: `brook/rpc/${bare}`,
    title: bare,
    role: 'client',
    binding: 'json',
    client: { name: 'mine', version: '1', reference: false },
    server: { name: 'reference', version: '0', reference: true },
    verdict: 'pass',
    expected: 'as-expected',
    requirements: ['R'],
    findings: [],
    checkpoints: [{ id: 'step:0', judge: 'expectation', requirements: ['R'], outcome: 'held' }],
    variations: [],
    durationMs: 1,
    reproduce: '',
    ...changes,
  };
}

const fails = (name: string, changes: Partial<CaseRun> = {}): CaseRun =>
  aRun(name, {
    verdict: 'fail',
    expected: 'known-failure',
    findings: [
      { judge: 'expectation', checkpoint: 'step:0', requirement: 'R', level: 'MUST', message: 'no', events: [], fingerprint: 'f' },
    ],
    ...changes,
  });

function ran(runs: CaseRun[], changes: Partial<RowOutcome> = {}): RowOutcome {
  const results: Results = {
    schema: 'weir-results/1',
    weir: '1',
    protocol: 'brook',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    world: 'real',
    seed: 1,
    timeScale: 1,
    summary: {},
    runs,
  };
  return { state: 'ran', results, ...changes };
}

function built(...rows: readonly { readonly subject: RowSubject; readonly outcome: RowOutcome }[]) {
  const made = buildMatrix({
    weir: '1',
    protocol: 'brook',
    title: 'Brook',
    requirements: { R: { level: 'MUST', role: 'client', source: 's', text: 't' } },
    selection: [],
    madeAt: '2026-01-01T00:00:00.000Z',
    tests: undefined,
    hashOf: () => '',
    rows,
  });
  // What is published fits what is published of it.
  expect(grammar.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  return made;
}

test('a known failure is one, and both versions differ where they do', () => {
  const made = built(
    { subject: subject('2'), outcome: ran([fails('a'), aRun('b')]) },
    { subject: subject('1'), outcome: ran([aRun('a'), aRun('b')]) },
  );
  expect(made.rows.map(({ verdicts }) => verdicts)).toEqual(['fp', 'pp']);
  expect(made.rows.map(({ kept }) => kept.client)).toEqual([{ R: 'broken' }, { R: 'kept' }]);
  expect(changesOf(made).map(({ broken }) => broken.map(({ title }) => title))).toEqual([['a']]);
});

test('what repetitions do not bear out is flaky with its rate, and no change of a version', () => {
  const made = built(
    { subject: subject('2'), outcome: ran([fails('a'), aRun('a#2'), aRun('a#3'), aRun('a#4')]) },
    { subject: subject('1'), outcome: ran([aRun('a'), aRun('a#2'), aRun('a#3'), aRun('a#4')]) },
  );
  expect(made.rows[0]).toMatchObject({ verdicts: 'f', rates: { 0: { failed: 0.25, runs: 4 } }, kept: { client: { R: 'flaky' } } });
  expect(changesOf(made)).toEqual([]);
  expect(tallyOf(made, made.rows[0] ?? { verdicts: '', rates: {} })).toMatchObject({ fail: 1, flaky: 1 });
});

test('a known failure with a measured rate is flaky, too', () => {
  const made = built({ subject: subject('1'), outcome: ran([fails('a', { flaky: { rate: 0.1, runs: 200 } })]) });
  expect(made.rows[0]?.rates).toEqual({ 0: { failed: 0.1, runs: 200 } });
});

test('what is unclear or of a role that it does not have counts for and against nothing', () => {
  const other = aRun('b', { id: 'brook/rpc/b@server+json', role: 'server', verdict: 'skip', skipReason: 'no server' });
  const made = built({ subject: subject('1'), outcome: ran([fails('a', { verdict: 'unclear', expected: 'as-expected' }), other]) });
  expect(made.rows[0]).toMatchObject({ verdicts: 'u-', found: {}, kept: { client: { R: 'not-run' } } });
});

test('a row that was not set up says why, in the text and in the data', () => {
  const made = built({
    subject: subject('1'),
    outcome: { state: 'not-set-up', reason: 'npm is not here\nat a place', results: undefined },
  });
  expect(made.rows[0]).toMatchObject({ state: 'not-set-up', verdicts: '' });
  expect(matrixMarkdown(made)).toContain('- Mine 1: not set up: npm is not here\n');
});

test('rows of one version that is tried in several ways are told apart by what the manifest calls them', () => {
  const failed: RowOutcome = { state: 'not-set-up', reason: 'no', results: undefined };
  const made = built(
    { subject: subject('1'), outcome: failed },
    { subject: subject('1', { id: 'mine@1-object' }), outcome: failed },
    { subject: subject('1', { id: 'mine' }), outcome: failed },
  );
  expect(matrixMarkdown(made).match(/\| Mine \| \S+ \|/g)).toEqual(['| Mine | 1 |', '| Mine | 1-object |', '| Mine | 1 |']);
});
