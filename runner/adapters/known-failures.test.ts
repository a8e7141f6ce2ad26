import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Finding } from '../results/result.ts';
import {
  concerning,
  expectednessOf,
  isAsListed,
  type JudgedRun,
  type KnownFailure,
  parseKnownFailures,
  staleEntries,
  unmatchedEntries,
  worsenedEntries,
} from './known-failures.ts';

function finding(changes: Partial<Finding> = {}): Finding {
  return { judge: 'expectation', checkpoint: 'step:3', level: 'MUST', message: '', events: [], fingerprint: 'f', ...changes };
}

function run(changes: Partial<JudgedRun> = {}): JudgedRun {
  return { case: 'river/reconnect/within-grace', role: 'client', binding: 'json', verdict: 'fail', findings: [finding()], ...changes };
}

const reason = 'because';
const known = (entry: object) => [{ case: 'river/reconnect/*', reason, ...entry }];

const standing = (judged: JudgedRun, entries: readonly KnownFailure[], label: string | undefined, strict?: boolean) =>
  expectednessOf(judged, concerning(entries, label)(judged), strict);

test.each<[string, object, boolean]>([
  ['glob', {}, true],
  ['list', { case: ['river/rpc/*', 'river/reconnect/within-grace'] }, true],
  ['a star stays in its folder', { case: 'river/*' }, false],
  ['role', { role: 'server' }, false],
  ['binding', { binding: 'json' }, true],
  ['other binding', { binding: 'binary' }, false],
  ['column', { versions: ['1.0'] }, true],
  ['other column', { versions: ['2.0'] }, false],
  ['checkpoint', { checkpoint: 'step:*' }, true],
  ['other checkpoint', { checkpoint: 'invariant:*' }, false],
  ['fingerprint', { fingerprint: 'f' }, true],
  ['another reason', { fingerprint: 'g' }, false],
])('a failure is known by %s', (_what, entry, expected) => {
  expect(standing(run(), known(entry), '1.0').expected).toBe(expected ? 'known-failure' : 'new-failure');
});

test.each([
  ['a/R-1/**', 'a/R-1/b/c', true],
  ['a/R-1/**', 'a/R-10/b', false],
  ['a/**', 'b/a/x', false],
  ['crash/[x]*', 'crash/[x]*', true],
  ['crash/*', 'crash/x', false],
])('a fingerprint that ends with two stars is of all below it, and means nothing else: %s of %s', (fingerprint, seen, expected) => {
  const outcome = standing(run({ findings: [finding({ fingerprint: seen })] }), known({ fingerprint }), '1.0');
  expect(outcome.expected).toBe(expected ? 'known-failure' : 'new-failure');
});

test('an entry may say codec where it means binding', () => {
  const [entry] = parseKnownFailures('k.yaml', '- { case: river/x, codec: msgpack, reason: because }');
  expect(entry).toEqual({ case: 'river/x', binding: 'msgpack', reason: 'because' });
});

test('a failure with one unexplained finding is news, and says which', () => {
  const other = finding({ checkpoint: 'step:4' });
  const outcome = standing(run({ findings: [finding(), other] }), known({ checkpoint: 'step:3' }), undefined);
  expect(outcome).toEqual({ expected: 'new-failure', unexplained: [other] });
});

test('warnings need no entry, unless they count', () => {
  const should = finding({ level: 'SHOULD', checkpoint: 'step:4' });
  const entries = known({ checkpoint: 'step:3' });
  expect(standing(run({ findings: [finding(), should] }), entries, undefined).expected).toBe('known-failure');
  expect(standing(run({ findings: [finding(), should] }), entries, undefined, true).expected).toBe('new-failure');
});

test.each<[string, boolean, object, Partial<JudgedRun>]>([
  ['what is listed came', true, {}, {}],
  ['a warning that is listed came', true, {}, { verdict: 'warn', findings: [finding({ level: 'SHOULD' })] }],
  ['more came', false, { fingerprint: 'f' }, { findings: [finding(), finding({ fingerprint: 'g' })] }],
  ['it comes only sometimes', false, { flaky: { rate: 0.5, runs: 10, until: '2026-12-31' } }, {}],
  ['nothing came', false, {}, { verdict: 'pass', findings: [] }],
  ['an adapter broke', false, {}, { verdict: 'error', findings: [finding({ judge: 'harness' })] }],
])('%s: as listed is %s', (_, expected, entry, changes) => {
  expect(isAsListed(run(changes), concerning(known(entry), '1.0')(run(changes)))).toBe(expected);
});

test('what an entry says fails where warnings count is not stale where they do not', () => {
  const warned = run({ verdict: 'warn', findings: [finding({ level: 'IMPL' })] });
  const entries = known({ case: 'river/reconnect/within-grace', fingerprint: 'f' });
  expect(standing(warned, entries, undefined).expected).toBe('as-expected');
  expect(staleEntries([warned], entries, undefined)).toEqual([]);
  const other = known({ case: 'river/reconnect/within-grace', fingerprint: 'g' });
  expect(standing(warned, other, undefined).expected).toBe('stale-known-failure');
  expect(staleEntries([warned], other, undefined)).toEqual(other);
});

test('a broken adapter is excused only by an entry that names the finding, a broken harness never', () => {
  const crash = run({ verdict: 'error', findings: [finding({ judge: 'adapter', checkpoint: 'adapter:crashed' })] });
  expect(standing(crash, known({}), undefined).expected).toBe('new-failure');
  expect(standing(crash, known({ checkpoint: 'adapter:*' }), undefined).expected).toBe('known-failure');
  const harness = run({ verdict: 'error', findings: [finding({ judge: 'harness' })] });
  expect(standing(harness, known({ fingerprint: 'f' }), undefined).expected).toBe('new-failure');
  expect(standing(run({ verdict: 'error', findings: [] }), known({}), undefined).expected).toBe('new-failure');
});

test('what passes now makes exact entries stale; a glob is stale once nothing it speaks of fails', () => {
  const passing = run({ verdict: 'pass', findings: [] });
  const failing = run({ case: 'river/reconnect/other' });
  const exact = known({ case: 'river/reconnect/within-grace' });
  expect(standing(passing, exact, undefined).expected).toBe('stale-known-failure');
  expect(standing(passing, known({}), undefined).expected).toBe('as-expected');
  expect(standing(run({ verdict: 'skip' }), exact, undefined).expected).toBe('as-expected');
  expect(staleEntries([passing, failing], known({}), undefined)).toEqual([]);
  expect(staleEntries([passing], known({}), undefined)).toEqual(known({}));
  expect(staleEntries([run({ verdict: 'skip' })], known({}), undefined)).toEqual([]);
});

test('a case that a list names by id is stale as soon as it passes', () => {
  const passing = run({ verdict: 'pass', findings: [] });
  const list = known({ case: ['river/rpc/*', 'river/reconnect/within-grace'] });
  expect(standing(passing, list, undefined).expected).toBe('stale-known-failure');
  expect(standing(run({ verdict: 'pass', case: 'river/rpc/add' }), list, undefined).expected).toBe('as-expected');
});

test('a flake is stale or worse only where its measured rate does not explain what is seen', () => {
  const flaky = known({ case: 'river/reconnect/within-grace', flaky: { rate: 0.2, runs: 50, until: '2030-01-01' } });
  const passing = run({ verdict: 'pass', findings: [] });
  expect(standing(passing, flaky, undefined).expected).toBe('as-expected');
  expect(standing(run(), flaky, undefined).expected).toBe('known-failure');
  expect(staleEntries([passing], flaky, undefined)).toEqual([]);
  expect(staleEntries(Array(200).fill(passing), flaky, undefined)).toEqual(flaky);
  expect(worsenedEntries([run(), passing, passing], flaky, undefined)).toEqual([]);
  expect(worsenedEntries(Array(20).fill(run()), flaky, undefined)).toEqual(flaky);
  expect(worsenedEntries(Array(20).fill(run()), known({}), undefined)).toEqual([]);
});

test('an expired flake rate is an error, on its last day it still holds', () => {
  const text = '- case: a\n  reason: b\n  flaky: { rate: 0.1, runs: 20, until: 2026-03-01 }\n';
  expect(parseKnownFailures('k.yaml', text, '2026-03-01')).toHaveLength(1);
  expect(() => parseKnownFailures('k.yaml', text, '2026-03-02')).toThrow(/k.yaml:3:.*expired on 2026-03-01/);
  expect(() => parseKnownFailures('k.yaml', text.replace('0.1', '1'))).toThrow('k.yaml:3:');
  expect(() => parseKnownFailures('k.yaml', text.replace('2026-03-01', 'soon'))).toThrow('a date as YYYY-MM-DD');
});

test('entries that speak of no run are found, those for other columns are not meant', () => {
  expect(unmatchedEntries([run()], known({ case: 'river/recconect/*' }), '1.0')).toHaveLength(1);
  expect(unmatchedEntries([run()], known({}), '1.0')).toEqual([]);
  expect(unmatchedEntries([run()], known({ case: 'nothing', versions: ['2.0'] }), '1.0')).toEqual([]);
});

test('the file is read strictly', () => {
  expect(parseKnownFailures('k.yaml', '')).toEqual([]);
  expect(parseKnownFailures('k.yaml', '- { case: river/*, reason: a }')).toEqual([{ case: 'river/*', reason: 'a' }]);
  expect(() => parseKnownFailures('k.yaml', '- case: river/*')).toThrow('k.yaml:1:');
  expect(() => parseKnownFailures('k.yaml', '- { case: a, reason: b, rol: client }')).toThrow('k.yaml:1:25: unknown key `rol`');
});

test('what the documentation shows is read', () => {
  const text = readFileSync(new URL('../../docs/known-failures.md', import.meta.url), 'utf8');
  expect(parseKnownFailures('docs', /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '')).toHaveLength(2);
});

test('an entry knows a case by an id that it had, and passing it makes no entry of several cases stale', () => {
  const renamed = { case: 'river/reconnect/grace/one', aliases: ['river/old/within-grace'] };
  expect(standing(run(renamed), known({ case: 'river/old/within-grace' }), undefined).expected).toBe('known-failure');
  expect(standing(run({ ...renamed, verdict: 'pass' }), known({ case: 'river/old/within-grace' }), undefined).expected).toBe('as-expected');
  expect(unmatchedEntries([run(renamed)], known({ case: 'river/old/*' }), undefined)).toEqual([]);
});

test.each([
  ['case: "!(river/rpc)"', /known.yaml:2:9: .*backtracking/],
  ['case: [river/rpc/add, "!(x)"]', /backtracking/],
  ['case: river/rpc/add\n  checkpoint: "!(x)"', /3:15: .*backtracking/],
])('refuses a glob that cannot be told without backtracking: %s', (entry, words) => {
  expect(() => parseKnownFailures('known.yaml', `# a comment\n- ${entry}\n  reason: Because.\n`)).toThrow(words);
});
