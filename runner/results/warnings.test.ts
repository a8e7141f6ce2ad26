import { expect, test } from 'vitest';
import type { CaseRun } from './result.ts';
import { warningsOf } from './warnings.ts';

const end = { name: 'x', version: '1', reference: false };

function run(id: string, changes: Partial<CaseRun> = {}): CaseRun {
  return {
    id,
    case: id,
    title: id,
    role: 'client',
    binding: 'json',
    client: end,
    server: end,
    verdict: 'pass',
    expected: 'as-expected',
    requirements: [],
    findings: [],
    checkpoints: [],
    variations: [],
    durationMs: 1,
    reproduce: '',
    ...changes,
  };
}

const quiet = { runs: [run('a')], displaced: [], unkept: [], planned: 1, concurrency: 8 };
const displaced = [
  { id: 'a', message: 'exit code 3' },
  { id: 'b', message: 'exit code 3' },
];

test('a run of which nothing is to be said has no warnings', () => {
  expect(warningsOf(quiet)).toEqual([]);
});

test('a shared process that broke, and no case-run that breaks one of its own', () => {
  expect(warningsOf({ ...quiet, displaced })).toEqual([
    'an adapter process broke that some case-runs shared, and none of them breaks one of its own (a, b): exit code 3',
  ]);
});

test('where a case-run is blamed, those that shared its process are no news', () => {
  expect(warningsOf({ ...quiet, runs: [run('a'), run('b', { verdict: 'error' })], planned: 2, displaced })).toEqual([]);
});

test('case-runs of which more is wrong beside others, by what they were there and are apart, the first five by name', () => {
  const failing = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) =>
    run(id, { confirmed: id === 'a', ...(id === 'a' ? {} : { beside: 'fail' }) }),
  );
  const [warning] = warningsOf({ ...quiet, runs: failing, planned: 7 });
  expect(warning).toContain(
    '6 case-runs failed beside others in one adapter process, and passed in one of their own (b, c, d, e, f and 1 more)',
  );
  expect(warning).toContain('the adapter says it can run 8 side by side');
  const warning2 = warningsOf({
    ...quiet,
    runs: [run('a', { beside: 'fail', verdict: 'warn' }), run('b', { beside: 'warn' })],
    planned: 2,
  });
  expect(warning2[0]).toContain(
    '1 case-run failed beside others in one adapter process, and warned in one of their own (a); 1 case-run warned',
  );
});

test('case-runs that failed beside others for what these do not explain', () => {
  const [warning, more] = warningsOf({ ...quiet, runs: [run('a', { verdict: 'fail', expected: 'new-failure', apart: 'pass' }), run('b')] });
  expect(warning).toContain('1 case-run failed beside others and not in a second run, apart (a), for what no busy machine explains');
  expect(more).toBeUndefined();
});

test.each([
  ['failed with others and alone', { verdict: 'fail', beside: 'error' }],
  ['was too late to tell beside others', { verdict: 'pass', beside: 'unclear' }],
  ['is worse apart', { verdict: 'warn', beside: 'pass' }],
] as const)('nobody disturbed what %s', (_, changes) => {
  expect(warningsOf({ ...quiet, runs: [run('a', { confirmed: false, ...changes })] })).toEqual([]);
});

test('what was planned and not run', () => {
  expect(warningsOf({ ...quiet, planned: 5 })).toEqual(['stopped before the end: 4 of 5 case-runs were not run']);
});

test('evidence that is not there, and why', () => {
  const unkept = [{ id: 'a', reason: 'ENOSPC: the disk is full; make room' }];
  expect(warningsOf({ ...quiet, unkept })).toEqual([
    'the traces or bundles of 1 case-runs could not be written (a): ENOSPC: the disk is full; make room',
  ]);
});
