import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMatrix } from '../matrix/read.ts';
import { changesOf } from '../results/matrix-changes.ts';
import { askedCommandLine } from './testing/command-line.ts';
import { versioned } from './testing/versions.ts';

const { folder, weir } = askedCommandLine('matrix');
const CASES = ['--case', 'river/rpc/add', 'river/rpc/declared-error', '--only', 'toy', '--implementation', 'toy', '--jobs', '2'];

test('every version is a row, one that cannot be started too; what is there is not run again, and what changed is', async () => {
  versioned(join(folder, 'toy'), { count: 3, from: 3, absent: [1] });
  const first = await weir('matrix', 'river', ...CASES, '--append');
  expect(first.stderr).toBe('');
  expect(first).toMatchObject({ exitCode: 0 });
  const place = join(folder, 'weir-matrix/river');
  const { rows, caseRuns, requirements, tests } = readMatrix(join(place, 'matrix.json'));
  expect(rows.map(({ id, state, version }) => [id, state, version])).toEqual([
    ['reference', 'ran', expect.any(String)],
    ['toy@0.3', 'ran', '0.3'],
    ['toy@0.2', 'ran', '0.2'],
    ['toy@0.1', 'not-set-up', '0.1'],
  ]);
  expect(rows[3]?.reason).toContain('nowhere.mjs');
  const verdicts = (row: number): Record<string, string> =>
    Object.fromEntries(
      caseRuns.flatMap(({ id, role, binding }, i) =>
        role === 'client' && binding === 'json' ? [[id.replace(/@.*/, ''), rows[row]?.verdicts[i] ?? '']] : [],
      ),
    );
  expect(verdicts(0)).toEqual({ 'river/rpc/add': 'p', 'river/rpc/declared-error': 'p' });
  expect(verdicts(1)).toEqual({ 'river/rpc/add': 'p', 'river/rpc/declared-error': 'f' });
  expect(verdicts(2)).toEqual({ 'river/rpc/add': 'p', 'river/rpc/declared-error': 'p' });
  expect(verdicts(3)).toEqual({ 'river/rpc/add': '-', 'river/rpc/declared-error': '-' });
  // The roles that it does not have are no lack of it.
  expect(caseRuns.every(({ role }, i) => role === 'client' || rows[1]?.verdicts[i] === '-')).toBe(true);
  expect(changesOf({ rows, caseRuns }).map(({ row, before, broken, fixed }) => [row.id, before.id, broken.length, fixed.length])).toEqual([
    ['toy@0.3', 'toy@0.2', 1, 0],
  ]);
  expect(Object.keys(requirements).length).toBeGreaterThan(100);
  // A part of the corpus does not show what tests a rule.
  expect(tests).toBeUndefined();

  const text = readFileSync(join(place, 'matrix.md'), 'utf8');
  expect(text).toContain('| Toy | 0.3 |');
  expect(text).toMatch(/- Toy 0\.1: not set up: .*nowhere/);
  expect(text).toContain('- Toy 0.3 after 0.2: 0 case-runs mended, 1 broken');
  expect(existsSync(join(place, 'badges/toy@0.3-client.svg'))).toBe(true);
  const pages = ['matrix.html', 'evidence.html'].map((file) => readFileSync(join(place, file), 'utf8'));
  for (const page of pages) expect(page).toContain("default-src 'none'");

  const asked = await weir('query', 'seq(verdict:pass verdict:fail)', 'weir-matrix/river');
  const [id, who] = asked.stdout.split(/ {2}|\n/);
  expect([id, who]).toEqual(['river/rpc/declared-error@client+json', 'pass: toy@0.2, reference; fail: toy@0.3']);

  const second = await weir('matrix', 'river', ...CASES);
  expect(second.stdout.match(/\(as it was run before\)/g)).toHaveLength(3);
  expect(second.stdout).toContain('Toy 0.1: not set up');

  // The newest breaks what it kept: a regression against what history has.
  versioned(join(folder, 'toy'), { count: 3, from: 2, absent: [1] });
  const third = await weir('matrix', 'river', ...CASES, '--append');
  expect(third.stdout).toContain('1 regression: toy@0.2 river/rpc/declared-error@client+json');
  // It was asked again before that was said.
  expect(existsSync(join(folder, 'weir-matrix/work/river/toy@0.2/toy@0.2/results.json'))).toBe(true);
  expect(readFileSync(join(place, 'history.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(3);

  const days = await weir(
    'query',
    'implementation:toy version:0.2 seq(verdict:pass verdict:fail)',
    'weir-matrix/river',
    '--history',
    '--json',
  );
  expect(JSON.parse(days.stdout)).toMatchObject({
    id: 'river/rpc/declared-error@client+json',
    cells: [{ verdict: 'pass' }, { verdict: 'fail' }],
  });

  const check = await weir('matrix', 'river', '--check');
  expect(check).toMatchObject({ exitCode: 0 });
  expect(check.stdout).toContain('made today; since then 0 case-runs are new, of 0 the case has changed, 0 are gone');
  writeFileSync(join(place, 'matrix.md'), `${readFileSync(join(place, 'matrix.md'), 'utf8')}better\n`);
  expect((await weir('matrix', 'river', '--check')).stdout).toContain('matrix.md is not what');
  const other = JSON.parse(readFileSync(join(place, 'matrix.json'), 'utf8')) as { caseRuns: { id: string }[] };
  other.caseRuns.pop();
  writeFileSync(join(place, 'matrix.json'), JSON.stringify(other));
  expect(await weir('matrix', 'river', '--check')).toMatchObject({ exitCode: 1 });
  writeFileSync(join(place, 'matrix.json'), '{}');
  const broken = await weir('matrix', 'river', '--check');
  expect(broken.exitCode).toBe(1);
  expect(broken.stdout).toContain('is no matrix of this version');
});

test('a query that is none, and files that cannot be asked, are told', async () => {
  const none = await weir('query', 'verdict:fail (role:client');
  expect(none).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('this ( is not closed\n  verdict:fail (role:client\n               ^'),
  });
  expect(await weir('query', 'verdict:fail')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('weir-report') });
  writeFileSync(join(folder, 'results.json'), '{}');
  expect(await weir('query', 'x', 'results.json', '--history')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('only a matrix has a history'),
  });
  expect(await weir('query', 'x', 'results.json')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no results file of this version'),
  });
});

test.each([
  ['an empty folder', () => mkdirSync(join(folder, 'of-nothing')), 'of-nothing', 'of-nothing is a folder without results.json'],
  ['an empty file', () => writeFileSync(join(folder, 'nothing.json'), '\n'), 'nothing.json', 'nothing.json is empty'],
])('%s is told as that', async (_name, make, path, said) => {
  make();
  expect(await weir('query', 'x', path)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
});

test('a row that nobody knows is refused before anything is run', async () => {
  expect(await weir('matrix', 'river', '--only', 'nobody')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('there is no row "nobody"'),
  });
});

test('a file chooses protocols, cases, rows, and who is tried with whom', async () => {
  versioned(join(folder, 'paired'), { count: 2, from: 2 });
  writeFileSync(
    join(folder, 'choice.yaml'),
    [
      'river:',
      '  cases: [river/rpc/add]',
      '  rows: [paired@0.2]',
      '  pairs: { cases: [river/rpc/declared-error], rows: [paired@0.2, reference-node] }',
    ].join('\n'),
  );
  const words = ['matrix', '--choice', 'choice.yaml', '--implementation', 'paired', '--output', 'chosen', '--work', 'chosen-work'];
  expect(await weir(...words)).toMatchObject({ exitCode: 0 });
  const place = join(folder, 'chosen/river');
  const { rows, pairs, selection } = readMatrix(join(place, 'matrix.json'));
  expect(selection).toEqual(['river/rpc/add']);
  expect(rows.map(({ id }) => id)).toEqual(['reference', 'paired@0.2']);
  // Who is no server is only a client.
  expect(pairs?.all.map(({ client, server, counts }) => [client, server, counts]).toSorted()).toEqual([
    ['paired@0.2', 'reference-node', { fail: 1, skip: 1 }],
    ['reference-node', 'reference-node', { pass: 2 }],
  ]);
  expect(pairs?.all.flatMap(({ causes }) => causes.map(({ runs }) => runs))).toEqual([1]);
  expect(readFileSync(join(place, 'matrix.md'), 'utf8')).toContain('| Toy 0.2 | 0 % ✕ |');
  const again = await weir(...words);
  expect(again.exitCode).toBe(0);
  expect(readMatrix(join(place, 'matrix.json')).pairs).toEqual(pairs);
  // Of all that are there, and one at least.
  expect((await weir('matrix', '--check', '--output', 'chosen')).stdout).toContain('made today');
  expect(await weir('matrix', '--check', '--output', 'nowhere')).toMatchObject({ exitCode: 1 });
});
