import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { results } from '../results/result.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('sometimes');
const adapter = fileURLToPath(new URL('./testing/wrong-beside-others.mjs', import.meta.url));

/** Calls and uploads whose answers are waited for as long as for what never comes. */
const plain = ['rpc/add', 'rpc/recursive', 'rpc/many-at-once', 'rpc/answers-in-any-order', 'upload/sum', 'upload/nothing'];

/** Runs cases with the adapter that is wrong in this way as soon as two clients live in it. */
async function run(kind: string, patterns: readonly string[]) {
  const manifest = {
    ...{ name: kind, title: kind, language: 'JavaScript', protocol: 'river', roles: ['client'] },
    command: [process.execPath, adapter, kind],
  };
  writeFileSync(join(folder, `${kind}.yaml`), JSON.stringify(manifest));
  const { exitCode, stdout } = await weir('run', ...patterns, '-i', join(folder, `${kind}.yaml`), '--output', kind, '--stories', '1');
  const { runs } = results.parse(JSON.parse(readFileSync(join(folder, kind, 'results.json'), 'utf8')));
  return { exitCode, stdout, apart: runs.flatMap((each) => each.apart ?? []), runs };
}

test('a value that is wrong beside others breaks the build though it is right apart, on any machine', { timeout: 300_000 }, async () => {
  const { exitCode, stdout, apart, runs } = await run('changed', plain);
  expect(exitCode).toBe(1);
  expect(new Set(apart)).toEqual(new Set(['pass']));
  expect(stdout).toMatch(
    /FAIL river\/[\s\S]*Only sometimes: this failed while other case-runs ran beside it[\s\S]*its verdict was pass[\s\S]*expected \d+, got \d+/,
  );
  // What shows it is that of the run which failed.
  expect(runs.find((each) => each.apart !== undefined)).toMatchObject({ verdict: 'fail', confirmed: false, bundle: expect.any(String) });
});

test('an answer that never comes beside others breaks the build unless everyone was late, and shows what was printed', {
  timeout: 300_000,
}, async () => {
  const { exitCode, stdout, apart } = await run('lost', plain);
  // A machine that keeps everyone waiting for most of three seconds cannot tell.
  expect(exitCode).toBe(apart.length > 0 ? 1 : 0);
  if (apart.length > 0) expect(stdout).toMatch(/Only sometimes: [\s\S]*last words on stderr:\s+a task was collected/);
  else expect(stdout).toContain('or this machine is too slow');
});

test('an answer that only comes late beside others is excused by them', { timeout: 300_000 }, async () => {
  const { exitCode, apart } = await run('late', ['limits/one-client-stalls', 'limits/held-back-while-down', ...plain]);
  expect(apart).toEqual([]);
  expect(exitCode).toBe(0);
});
