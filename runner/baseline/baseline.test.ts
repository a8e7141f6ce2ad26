import { expect, test } from 'vitest';
import { concerning, expectednessOf, type JudgedRun, parseKnownFailures } from '../adapters/known-failures.ts';
import type { Finding } from '../results/result.ts';
import { pruneBaseline, type Scope, writeBaseline } from './baseline.ts';
import type { BaselineContext } from './news.ts';

const context: BaselineContext = {
  label: undefined,
  labels: [],
  strict: false,
  everyBinding: true,
  today: '2029-06-01',
  flakyUntil: '2030-01-01',
};

/** All that there is was run; the cases that a pattern named; those under one binding. */
const WHOLE: Scope = { whole: true, everyRole: true, everyBinding: true };
const SOME: Scope = { ...WHOLE, whole: false };
const ONE_BINDING: Scope = { ...SOME, everyBinding: false };

function finding(fingerprint: string, changes: Partial<Finding> = {}): Finding {
  return { judge: 'expectation', checkpoint: 'step:3', level: 'MUST', message: 'it read\n nothing', events: [], fingerprint, ...changes };
}

function run(id: string, fingerprint?: string, changes: Partial<JudgedRun> = {}): JudgedRun {
  const findings = fingerprint === undefined ? [] : [finding(fingerprint)];
  return { case: id, role: 'client', binding: 'json', verdict: fingerprint === undefined ? 'pass' : 'fail', findings, ...changes };
}

const TEXT = `# Ours. Do not reorder.
- case: river/a   # the first
  role: client
  fingerprint: f
  reason: |
    because
# about b and c
- case: [river/b, river/c]
  reason: both
`;

test('failures that nothing explains are added below what is there, one entry for each cause', () => {
  const runs = [run('river/a', 'f'), run('river/b', 'g'), run('river/e', 'h'), run('river/d', 'h'), run('river/f')];
  const written = writeBaseline('k.yaml', TEXT, runs, context);
  expect(written.text).toBe(
    `${TEXT}- case:\n  - river/d\n  - river/e\n  role: client\n  fingerprint: h\n  reason: (to be explained) it read nothing\n`,
  );
  const known = parseKnownFailures('k.yaml', written.text);
  expect(runs.map((each) => expectednessOf(each, concerning(known, undefined)(each)).expected)).not.toContain('new-failure');
  expect(writeBaseline('k.yaml', written.text, runs, context).text).toBe(written.text);
});

test('a failure for another reason than the listed one gets an entry of its own', () => {
  expect(writeBaseline('k.yaml', TEXT, [run('river/a', 'other')], context).entries).toMatchObject([
    { case: 'river/a', fingerprint: 'other' },
  ]);
});

test('the binding is named only where another one does not fail so', () => {
  const msgpack = { binding: 'msgpack' };
  const runs = [run('x/a', 'f'), run('x/a', 'f', msgpack), run('x/b', 'f'), run('x/b', undefined, msgpack)];
  const { entries } = writeBaseline('k.yaml', '', runs, context);
  expect(entries).toMatchObject([{ case: 'x/a' }, { case: 'x/b', binding: 'json' }]);
  expect(entries[0]?.binding).toBeUndefined();
  expect(runs.map((each) => expectednessOf(each, concerning(entries, undefined)(each)).expected)).toEqual([
    'known-failure',
    'known-failure',
    'known-failure',
    'as-expected',
  ]);
});

test('the binding is named where another one was not tried', () => {
  const { entries } = writeBaseline('k.yaml', '', [run('river/x', 'f')], { ...context, everyBinding: false });
  expect(entries).toMatchObject([{ case: 'river/x', role: 'client', binding: 'json' }]);
});

test('what fails only sometimes is written with its rate', () => {
  const runs = [run('x/a', 'f'), run('x/a'), run('x/a'), run('x/a')];
  expect(writeBaseline('k.yaml', '', runs, context).entries).toMatchObject([
    { case: 'x/a', binding: 'json', flaky: { rate: 0.25, runs: 4, until: '2030-01-01' } },
  ]);
});

test('an expired rate is measured again in place; where it fails always it is flaky no more, where never it can go', () => {
  const text = '- case: x/a # seldom\n  reason: r\n  flaky: { rate: 0.5, runs: 2, until: 2029-05-31 }\n';
  expect(writeBaseline('k.yaml', text, [run('x/a', 'f'), run('x/a'), run('x/a'), run('x/a')], context)).toMatchObject({
    text: '- case: x/a # seldom\n  reason: r\n  flaky: {rate: 0.25, runs: 4, until: 2030-01-01}\n',
    entries: [],
    remeasured: 1,
  });
  expect(writeBaseline('k.yaml', text, [run('x/a', 'f')], context).text).toBe('- case: x/a\n  reason: r\n');
  expect(pruneBaseline('k.yaml', text, [run('x/a')], context, WHOLE).text).toBe('');
  expect(pruneBaseline('k.yaml', text, [run('x/a')], { ...context, today: '2029-05-31' }, WHOLE).text).toBe(text);
});

test('a column is added to the entry that says the same of others', () => {
  const columns = { ...context, label: '2', labels: ['3', '2', '1'] };
  const text = '- case: x/a\n  role: client\n  versions: ["1"] # old\n  fingerprint: f\n  reason: r\n';
  const written = writeBaseline('k.yaml', text, [run('x/a', 'f')], columns);
  expect(written.text).toBe(text.replace('["1"]', '["2", "1"]'));
  expect(writeBaseline('k.yaml', '', [run('x/a', 'f')], columns).entries).toMatchObject([{ versions: ['2'] }]);
});

test('a broken harness is never listed', () => {
  const broken = run('x/a', undefined, { verdict: 'error', findings: [finding('f', { judge: 'harness' })] });
  const written = writeBaseline('k.yaml', '', [broken], context);
  expect(written).toMatchObject({ text: '', entries: [], unlistable: [{ run: { case: 'x/a' } }] });
});

test('what passes now goes, and with it only its own comments', () => {
  const pruned = pruneBaseline('k.yaml', TEXT, [run('river/a'), run('river/b', 'g'), run('river/c', 'g')], context, WHOLE);
  expect(pruned.text).toBe(`# Ours. Do not reorder.\n${TEXT.slice(TEXT.indexOf('# about b'))}`);
  expect(pruned.removed).toMatchObject([{ case: 'river/a' }]);
});

test('an id that passes leaves its list', () => {
  const pruned = pruneBaseline('k.yaml', TEXT, [run('river/a', 'f'), run('river/b', 'g'), run('river/c')], context, WHOLE);
  expect(pruned).toEqual({ text: TEXT.replace(', river/c', ''), removed: [], dropped: ['river/c'] });
});

test('what fits no case goes only where the whole corpus was run', () => {
  expect(pruneBaseline('k.yaml', TEXT, [run('river/a', 'f')], context, SOME).text).toBe(TEXT);
  expect(pruneBaseline('k.yaml', TEXT, [run('river/a', 'f')], context, WHOLE).text).toBe(TEXT.slice(0, TEXT.indexOf('# about b')));
});

test('an entry stays where not all that it speaks of was run', () => {
  const entries = (...lines: string[]) => lines.map((line) => `- { ${line}, reason: x }\n`).join('');
  const prune = (text: string, scope: Scope) => pruneBaseline('k.yaml', text, [run('river/a'), run('river/b', 'g')], context, scope).text;
  const glob = entries('case: river/*, fingerprint: f');
  expect(prune(glob, SOME)).toBe(glob);
  expect(prune(glob, WHOLE)).toBe('');
  const unseen = entries('case: [river/a, river/z]');
  expect(prune(entries('case: river/a'), SOME)).toBe('');
  expect(prune(unseen, ONE_BINDING)).toBe(unseen);
  const [one, of] = [entries('case: river/a'), entries('case: [river/a, river/b]')];
  expect(prune(one + of, ONE_BINDING)).toBe(one + of);
  expect(prune(entries('case: river/a, role: client, binding: json'), ONE_BINDING)).toBe('');
});

test('an entry stays for the columns that were not run', () => {
  const columns = { ...context, label: '2', labels: ['2', '1'] };
  const { text } = pruneBaseline('k.yaml', TEXT, [run('river/a'), run('river/b', 'g'), run('river/c')], columns, WHOLE);
  expect(parseKnownFailures('k.yaml', text)).toMatchObject([
    { case: 'river/a', versions: ['1'] },
    { case: ['river/b', 'river/c'], versions: ['1'] },
    { case: ['river/b'], versions: ['2'], reason: 'both' },
  ]);
  expect(text).toContain('# the first');
});
