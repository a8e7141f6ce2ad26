import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
