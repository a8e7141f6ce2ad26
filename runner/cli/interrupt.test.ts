import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
    '--binding',
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

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('a signal', { timeout: 90_000 }, () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s lets what is under way finish, writes the reports of what was run, and exits with %i', async (signal, code) => {
    const { folder, mark, child, said } = running(700);
    await said('pass  river/rpc/');
    child.kill(signal);
    await said('stopping after the case-runs under way');
    const { exitCode, all } = await child;
    expect(exitCode).toBe(code);
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
      ['run', 'rpc/**', 'stream/**', '--world', 'simulated', '--repeat', '50', '-o', 'out', '--threads', '2', '--verbose'],
      [],
    );
    child.all.once('data', () => child.all.once('data', () => child.kill('SIGINT')));
    const { exitCode, all } = await child;
    expect(exitCode).toBe(130);
    expect(all).toMatch(/warning stopped before the end: \d+ of \d+ case-runs were not run/);
  });

  test.each([
    ['SIGINT', 'SIGINT', 'idle'],
    ['SIGTERM', 'SIGTERM', 'idle'],
    ['SIGHUP', 'SIGTERM', 'idle'],
    ['SIGINT', 'SIGTERM', 'busy'],
    ['SIGTERM', 'SIGINT', 'busy'],
  ] as const)('ends at once when it comes again, and leaves no process: %s, then %s, %s', async (first, second, state) => {
    const { folder, mark, child, said } = running(30_000, ['--timeout', '50000', 'rpc/*'], [beside('busy-later.mjs')]);
    await said('case-runs of slow');
    child.kill(first);
    await said('again to end at once');
    if (state === 'busy') {
      child.kill('SIGUSR2');
      await said('busy for ever');
    }
    child.kill(second);
    const { signal, timedOut } = await child;
    expect(timedOut).toBe(false);
    expect(signal).toBe(second);
    expect(existsSync(join(folder, 'out', 'results.jsonl'))).toBe(true);
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
  });
});

describe.skipIf(!existsSync(main) || process.platform !== 'linux')(
  'a run that computes for ever in one turn, in which no signal is heard',
  () => {
    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
      'is ended by %s when it comes again, and leaves no process',
      { timeout: 90_000 },
      async (name) => {
        const { folder, mark, child, said } = running(30_000, ['--timeout', '50000', 'rpc/*'], [beside('busy-later.mjs')]);
        await said('case-runs of slow');
        child.kill('SIGUSR2');
        await said('busy for ever');
        child.kill(name);
        const again = setInterval(() => child.kill(name), 300);
        onTestFinished(() => clearInterval(again));
        const { signal, timedOut } = await child;
        expect(timedOut).toBe(false);
        expect(signal).toBe(name);
        expect(existsSync(join(folder, 'out', 'results.jsonl'))).toBe(true);
        await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
      },
    );

    test('in virtual time, too', { timeout: 90_000 }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'weir-interrupt-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const child = start(folder, 'none', ['run', 'rpc/add', '--world', 'simulated', '-o', 'out'], [beside('busy-at-work.mjs')]);
      child.all.on('data', (chunk: Buffer) => {
        if (!String(chunk).includes('busy for ever')) return;
        const again = setInterval(() => child.kill('SIGTERM'), 300);
        onTestFinished(() => clearInterval(again));
      });
      const { signal, timedOut, all } = await child;
      expect(all).toContain('busy for ever');
      expect(timedOut).toBe(false);
      expect(signal).toBe('SIGTERM');
    });

    test('is reached into as long as it runs cases, and not while it reports', { timeout: 90_000 }, async () => {
      const { stdout } = await execa(process.execPath, [beside('long-turn.mjs')]);
      expect(JSON.parse(stdout)).toEqual({ inRun: 1, taken: 1, inReports: 0, heard: 1 });
    });

    test('deals with signals as before once its turn ends', { timeout: 90_000 }, async () => {
      const { child, said } = running(700, ['rpc/*'], [beside('busy-for-a-while.mjs')]);
      await said('pass  river/rpc/');
      child.kill('SIGUSR2');
      await said('turning again');
      child.kill('SIGTERM');
      await said('stopping after the case-runs under way');
      expect((await child).exitCode).toBe(143);
    });
  },
);

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('the output folder', { timeout: 90_000 }, () => {
  test('has each case-run as soon as it is told: what SIGKILL leaves can be merged, and goes on with --last-failed', async () => {
    const { folder, child, said } = running(300, ['rpc/add', 'rpc/union', 'rpc/recursive', 'stream/*']);
    await said('pass  river/');
    child.kill('SIGKILL');
    await child;
    const lines = readFileSync(join(folder, 'out', 'results.jsonl'), 'utf8').split('\n');
    const [head, ...runs] = lines.slice(0, -1).map((line): unknown => JSON.parse(line));
    expect(head).toMatchObject({ 'weir-results-lines': 1, protocol: 'river', implementation: { name: 'slow' } });
    expect(runs.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'out', 'results.json'))).toBe(false);
    const merged = await start(folder, 'none', ['merge', 'out/results.jsonl', '-o', 'whole'], []);
    expect(merged.exitCode).toBe(0);
    expect(merged.all).toMatch(/the run did not come to its end: of \d+ of \d+ case-runs nothing is known/);
    const cut = join(folder, 'out', 'results.jsonl');
    writeFileSync(cut, `${lines.slice(0, 2).join('\n')}\n{"id":"river/rpc/a`);
    const [, first = '{}'] = lines;
    const again = await start(
      folder,
      'none',
      ['run', '--role', 'client', '-i', folder, '--binding', 'json', '-o', 'out', '--verbose', '--last-failed', 'rpc/add', 'rpc/union'],
      [],
    );
    expect(again.all).not.toContain(`pass  ${JSON.parse(first).id} `);
    expect(again.exitCode).toBe(0);
  });

  test('keeps nothing of an earlier run, and all that is somebody else’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-output-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const own = ['results.json', 'junit.xml', 'report.html', 'traces/old.jsonl', 'bundles/old.json'];
    const others = ['notes.txt', 'traces/mine.jsonl', 'bundles/mine.json', 'traces/deep/old.jsonl'];
    for (const file of [...own, ...others]) {
      mkdirSync(dirname(join(folder, 'out', file)), { recursive: true });
      writeFileSync(join(folder, 'out', file), file.startsWith('traces') ? '{"weir-trace":1}' : '{"schema":"weir-bundle/1"}');
    }
    for (const file of ['traces/mine.jsonl', 'bundles/mine.json']) writeFileSync(join(folder, 'out', file), '{}');
    // It ends before any report is written.
    const words = ['run', 'rpc/**', 'stream/**', '--world', 'simulated', '--repeat', '50', '--threads', '1', '-o', 'out', '--verbose'];
    const child = start(folder, 'none', words, []);
    await new Promise((resolve) => child.all.once('data', resolve));
    child.kill('SIGKILL');
    await child;
    expect(own.filter((file) => existsSync(join(folder, 'out', file)))).toEqual([]);
    expect(others.filter((file) => !existsSync(join(folder, 'out', file)))).toEqual([]);
  });

  test('is one run’s at a time', async () => {
    const { folder, child, said } = running(30_000, ['rpc/*']);
    await said('case-runs of slow');
    const other = await start(folder, 'none', ['run', 'rpc/add', '--world', 'simulated', '-o', 'out'], []);
    expect(other.all).toMatch(/another run \(process \d+\) is writing its reports to "out"; give this one another folder with --output/);
    expect(other.exitCode).toBe(2);
    child.kill('SIGKILL');
    await child;
    const next = await start(folder, 'none', ['run', 'rpc/add', '--world', 'simulated', '-o', 'out'], []);
    expect(next.exitCode).toBe(0);
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))).toEqual([]);
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
