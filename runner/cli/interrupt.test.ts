import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { results } from '../results/result.ts';
import { processesWith } from './testing/processes.ts';

const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
const beside = (name: string): string => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));

interface Running {
  readonly folder: string;
  readonly mark: string;
  readonly child: ReturnType<typeof start>;
  /** Resolves when the output has this text. */
  said(text: string): Promise<void>;
}

function start(folder: string, mark: string, words: readonly string[], preload: readonly string[]) {
  return execa(process.execPath, [...preload.flatMap((file) => ['--import', pathToFileURL(file).href]), main, ...words], {
    cwd: folder,
    reject: false,
    all: true,
    timeout: 60_000,
    killSignal: 'SIGKILL',
    env: { NO_COLOR: '1', WEIR_TEST_MARK: mark },
  });
}

/** Starts `weir run` with an adapter that takes `slowMs` for each call, one case at a time. */
function running(slowMs: number, more: readonly string[] = ['rpc/*'], preload: readonly string[] = [], changes: object = {}): Running {
  const folder = mkdtempSync(join(tmpdir(), 'weir-interrupt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const manifest = {
    name: 'slow',
    title: 'Slow',
    language: 'JavaScript',
    protocol: 'river',
    roles: ['client'],
    command: [process.execPath, beside('slow.mjs'), String(slowMs)],
    'startup-ms': 60_000,
    ...changes,
  };
  writeFileSync(join(folder, 'implementation.yaml'), JSON.stringify(manifest));
  const mark = randomUUID();
  const words = [
    'run',
    '--role',
    'client',
    '-i',
    folder,
    '--codec',
    'json',
    '--concurrency',
    '1',
    '--processes',
    '1',
    '-o',
    'out',
    '--verbose',
    ...more,
  ];
  const child = start(folder, mark, words, preload);
  let seen = '';
  const waiting = new Set<() => void>();
  child.all.on('data', (chunk: Buffer) => {
    seen += String(chunk);
    for (const look of waiting) look();
  });
  return {
    folder,
    mark,
    child,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (seen.includes(text)) resolve();
        };
        waiting.add(look);
        look();
        void child.then(() => reject(new Error(`it ended without saying ${text}:\n${seen}`)));
      }),
  };
}

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('Ctrl-C', { timeout: 90_000 }, () => {
  test('lets what is under way finish, writes the reports of what was run, and exits with 130', async () => {
    const { folder, mark, child, said } = running(700);
    await said('pass  river/rpc/');
    child.kill('SIGINT');
    await said('stopping after the case-runs under way');
    const { exitCode, all } = await child;
    expect(exitCode).toBe(130);
    const written = results.parse(JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')));
    expect(written.runs.map(({ verdict }) => verdict)).toEqual(written.runs.map(() => 'pass'));
    expect(written.runs.length).toBeGreaterThan(0);
    expect(written.warnings?.join()).toMatch(/stopped before the end: \d+ of \d+ case-runs were not run/);
    expect(all).toContain('stopped before the end');
    expect(existsSync(join(folder, 'out', 'junit.xml'))).toBe(true);
    expect(processesWith(mark)).toEqual([]);
  });

  test('says what a run of the reference pair in several threads did not reach', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-interrupt-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const child = start(
      folder,
      randomUUID(),
      ['run', '--world', 'simulated', '--repeat', '9', '-o', 'out', '--threads', '2', '--verbose'],
      [],
    );
    child.all.once('data', () => child.all.once('data', () => child.kill('SIGINT')));
    const { exitCode, all } = await child;
    expect(exitCode).toBe(130);
    expect(all).toMatch(/warning stopped before the end: \d+ of \d+ case-runs were not run/);
  });

  test('ends at once when it comes again, and leaves no process', async () => {
    const { mark, child, said } = running(30_000, ['--timeout', '50000', 'rpc/*']);
    await said('case-runs of slow');
    child.kill('SIGINT');
    await said('press Ctrl-C again');
    child.kill('SIGINT');
    const { exitCode, timedOut } = await child;
    expect(timedOut).toBe(false);
    expect(exitCode).toBe(130);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });
});

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('the runner', { timeout: 90_000 }, () => {
  test.each([
    ['an exception that nobody caught', 'throw'],
    ['a rejection that nobody handled', 'reject'],
  ])('tells of %s, exits with 3 and leaves no process', async (_what, how) => {
    const { mark, child, said } = running(30_000, undefined, [beside(`${how}-later.mjs`)]);
    await said('case-runs of slow');
    child.kill('SIGUSR2');
    const { exitCode, all, timedOut } = await child;
    expect(timedOut).toBe(false);
    expect(all).toContain('weir itself failed; this is a bug of Weir:\nError: the sky is falling');
    expect(exitCode).toBe(3);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });

  test('gives a case-run up that is not over in time, names the step, and goes on', async () => {
    const { folder, child, mark } = running(2000, ['--timeout', '500', 'rpc/add', 'rpc/recursive']);
    const { exitCode } = await child;
    expect(exitCode).toBe(1);
    const written = results.parse(JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')));
    expect(new Set(written.runs.map(({ verdict }) => verdict))).toEqual(new Set(['error']));
    const [first] = written.runs;
    expect(first?.findings[0]).toMatchObject({ step: 0, fingerprint: 'harness/none/timeout/error' });
    expect(first?.findings[0]?.message).toContain('took longer than 500 ms, this one was under way');
    expect(processesWith(mark)).toEqual([]);
  });

  test('ends though something is left open', async () => {
    const { child } = running(0, ['rpc/add'], [beside('hold-open.mjs')]);
    const { exitCode, timedOut } = await child;
    expect(timedOut).toBe(false);
    expect(exitCode).toBe(0);
  });

  test('says what is missing and how to get it, where an implementation cannot be started', async () => {
    const prerequisites = [{ check: ['/nowhere/uv', '--version'], install: 'pip install uv' }];
    const { folder, child } = running(0, ['rpc/add'], [], { command: ['/nowhere/uv', 'run', 'adapter.py'], prerequisites });
    const { exitCode, all } = await child;
    expect(all).toBe('slow: `/nowhere/uv --version` does not work here; to install it: pip install uv');
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
