import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { secretsTold } from '../masking/testing/search.ts';
import { askedCommandLine, main } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('hostile-evidence');

/** What lies beside the evidence and is nobody else's. */
const OTHERS = 'what-only-this-machine-knows-0815';

/** What results of somebody else may name as their evidence, and how it gets there. One more is a line. */
const NAMED: readonly (readonly [what: string, path: string, make?: (results: string) => void])[] = [
  ['a file above their folder', '../secret.txt'],
  ['a file by way of their folder', 'traces/../../secret.txt'],
  ['a file of the machine', '../../../../../../../../etc/hostname'],
  ['a device', '../../../../../../../../dev/zero'],
  ['a link that leads out', 'traces/link.jsonl', (results) => symlinkSync('../../secret.txt', join(results, 'traces', 'link.jsonl'))],
  ['a folder that is a link', 'out/secret.txt', (results) => symlinkSync('..', join(results, 'out'))],
  ['a pipe', 'traces/pipe.jsonl', (results) => execFileSync('mkfifo', [join(results, 'traces', 'pipe.jsonl')])],
  ['a folder', 'traces'],
  ['nothing', 'traces/gone.jsonl'],
];

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('results that name as their evidence', () => {
  let good: { readonly runs: readonly { readonly trace?: string }[] };
  beforeAll(async () => {
    writeFileSync(join(folder, 'secret.txt'), `${OTHERS}\n`.repeat(50));
    await weir('run', 'river/rpc/add', '--world', 'simulated', '--role', 'client', '--binding', 'json', '--traces', 'all', '-o', 'good');
    good = JSON.parse(readFileSync(join(folder, 'good', 'results.json'), 'utf8'));
  }, 60_000);

  test.for(NAMED)('%s neither show nor copy it, and wait for nothing', { timeout: 60_000 }, async ([, path, make]) => {
    const place = join(folder, 'theirs');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(join(place, 'traces'), { recursive: true });
    make?.(place);
    writeFileSync(join(place, 'results.json'), JSON.stringify({ ...good, runs: good.runs.map((run) => ({ ...run, trace: path })) }));
    for (const words of [
      ['report', 'theirs', '-o', 'made/report.html'],
      ['merge', 'theirs', '-o', 'made/whole'],
    ]) {
      const { exitCode, stderr } = await weir(...words);
      expect(stderr).not.toContain('bug of Weir');
      expect(exitCode, stderr).toBe(0);
    }
    for (const entry of readdirSync(join(folder, 'made'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      expect(secretsTold(readFileSync(join(entry.parentPath, entry.name), 'utf8'), [OTHERS]), entry.name).toEqual([]);
    }
    rmSync(join(folder, 'made'), { recursive: true });
  });
});

type Loose = Record<string, unknown> & { runs: Record<string, unknown>[] };

/** Results that fit their form and say what no run says. One more is a line. */
const SAYING: readonly (readonly [what: string, change: (results: Loose) => unknown, exitCode: number, told: RegExp])[] = [
  [
    'names that every object has',
    ({ runs }) => {
      const odd = '__proto__';
      const finding = {
        judge: 'expectation',
        checkpoint: odd,
        requirement: odd,
        level: 'MUST',
        message: 'm',
        events: [],
        fingerprint: odd,
      };
      for (const run of runs)
        Object.assign(run, { case: odd, requirements: [odd], verdict: 'fail', expected: 'new-failure', findings: [finding] });
    },
    1,
    /1 failed/,
  ],
  [
    'one shard of a thousand million',
    (results) => Object.assign(results, { shard: { index: 1, count: 1e9 } }),
    2,
    /999999999 shards are missing/,
  ],
  [
    'known failures that are none',
    (results) =>
      Object.assign(results, { shard: { index: 1, count: 1 }, known: { entries: [{}, { case: 5 }], strict: true, whole: true } }),
    2,
    /known\.entries: 0\./,
  ],
  [
    'a known failure with a pattern that is none',
    (results) =>
      Object.assign(results, {
        shard: { index: 1, count: 1 },
        known: { entries: [{ case: '{'.repeat(2000), reason: 'r' }], strict: true, whole: true },
      }),
    2,
    /known\.entries: 0\.case: /,
  ],
];

test.skipIf(!existsSync(main)).for(SAYING)(
  'results that say %s are merged or refused, and leave nothing half done',
  { timeout: 60_000 },
  async ([, change, code, told]) => {
    await weir('run', 'river/rpc/add', '--world', 'simulated', '--role', 'client', '--binding', 'json', '-o', 'good');
    const results = JSON.parse(readFileSync(join(folder, 'good', 'results.json'), 'utf8')) as Loose;
    change(results);
    rmSync(join(folder, 'whole'), { recursive: true, force: true });
    mkdirSync(join(folder, 'saying'), { recursive: true });
    writeFileSync(join(folder, 'saying', 'results.json'), JSON.stringify(results));
    const reports = ['html', 'junit', 'ctrf', 'tap', 'sarif', 'markdown', 'github', 'badge'];
    const { exitCode, stdout, stderr } = await weir('merge', 'saying', '-o', 'whole', '--report', ...reports);
    expect(stderr).not.toContain('bug of Weir');
    expect(stdout + stderr).toMatch(told);
    expect(exitCode).toBe(code);
    // What is refused leaves no report.
    if (code === 2) expect(existsSync(join(folder, 'whole'))).toBe(false);
  },
);

/** What writes into a folder that may be somebody else's, under names of Weir's own. One more is a line. */
const WRITING: readonly (readonly [words: string, names: readonly string[]])[] = [
  ['report laid', ['report.html']],
  [
    'merge laid -o laid --report html junit ctrf tap sarif markdown badge',
    ['results.json', 'report.html', 'junit.xml', 'badge-client.json', '.weir-run.json'],
  ],
  ['merge good -o laid', ['traces/river-rpc-add@client+json.jsonl']],
  [
    'run river/rpc/add --world simulated --role client --binding json --traces all -o laid',
    ['traces/river-rpc-add@client+json.jsonl', '.weir-run.json'],
  ],
];

test.skipIf(!existsSync(main) || process.platform !== 'linux').for(WRITING)(
  'links that lie where weir %s writes lead nowhere',
  { timeout: 60_000 },
  async ([words, names]) => {
    await weir('run', 'river/rpc/add', '--world', 'simulated', '--role', 'client', '--binding', 'json', '--traces', 'all', '-o', 'good');
    const place = join(folder, 'laid');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(join(place, 'traces'), { recursive: true });
    const mine = join(folder, 'mine.txt');
    writeFileSync(mine, OTHERS);
    // Their results stand elsewhere where that name is a link.
    const theirs = readFileSync(join(folder, 'good', 'results.json'), 'utf8');
    writeFileSync(join(place, 'theirs.json'), theirs);
    if (!names.includes('results.json')) writeFileSync(join(place, 'results.json'), theirs);
    else symlinkSync('theirs.json', join(place, 'results.json'));
    for (const name of names)
      if (name !== 'results.json') symlinkSync(`${'../'.repeat(name.split('/').length)}mine.txt`, join(place, name));
    const { exitCode, stderr } = await weir(...words.split(' '));
    expect(stderr).not.toContain('bug of Weir');
    expect(exitCode, stderr).toBe(0);
    expect(readFileSync(mine, 'utf8')).toBe(OTHERS);
    if (names.includes('results.json')) expect(readFileSync(join(place, 'theirs.json'), 'utf8')).toBe(theirs);
    for (const name of names) expect(existsSync(join(place, name)) && lstatSync(join(place, name)).isSymbolicLink(), name).toBe(false);
  },
);

test.skipIf(!existsSync(main) || process.platform !== 'linux')(
  'a claim that is none is neither waited for nor read without end',
  { timeout: 60_000 },
  async () => {
    for (const [name, make] of [
      ['pipe', (file: string) => execFileSync('mkfifo', [file])],
      ['device', (file: string) => symlinkSync('/dev/zero', file)],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      make(join(folder, name, '.weir-run.json'));
      const { exitCode, stderr } = await weir(
        'run',
        'river/rpc/add',
        '--world',
        'simulated',
        '--role',
        'client',
        '--binding',
        'json',
        '-o',
        name,
      );
      expect(exitCode, stderr).toBe(0);
    }
  },
);

/** Histories of a matrix that are none, or stand for far more than their bytes. */
const HISTORIES: readonly (readonly [what: string, text: () => string, told: RegExp])[] = [
  ['is no history', () => 'hello\n', /line 1 is none of a history/],
  ['begins as before', () => `{"caseRuns":["a 1"]}\n{"madeAt":"2026","weir":"0","rows":{"r":"="}}\n`, /line 2: r is as before/],
  ['is nested deep', () => '['.repeat(1_000_000), /line 1 is none of a history/],
  [
    'stands for a thousand million verdicts',
    () =>
      `${JSON.stringify({ caseRuns: Array.from({ length: 100_000 }, (_, i) => `c${i}`) })}\n${`${JSON.stringify({ madeAt: '2026', weir: '0', rows: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`r${i}`, ''])) })}\n`.repeat(2)}`,
    /more than 16777216 verdicts/,
  ],
];

test.each(HISTORIES)('a history that %s is refused', { timeout: 60_000 }, async (_what, text, told) => {
  mkdirSync(join(folder, 'matrix'), { recursive: true });
  const base = { schema: 'weir-matrix/1', weir: '0', protocol: 'river', title: 'River', madeAt: '2026', selection: [] };
  const matrix = { ...base, rows: [], caseRuns: [], requirements: {}, findings: [], reasons: [] };
  writeFileSync(join(folder, 'matrix', 'matrix.json'), JSON.stringify(matrix));
  writeFileSync(join(folder, 'matrix', 'history.jsonl'), text());
  const { exitCode, stderr } = await weir('query', 'verdict:fail', 'matrix', '--history');
  expect(stderr).toMatch(told);
  expect(stderr).not.toContain('bug of Weir');
  expect(exitCode).toBe(2);
});
