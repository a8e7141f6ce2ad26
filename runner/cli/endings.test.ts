import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandLine, main } from './testing/command-line.ts';
import { started } from './testing/started.ts';
import { versioned } from './testing/versions.ts';

const { folder, weir } = commandLine('endings');

/** Commands that go on until they are asked to end, and what they say once they do. One more is a line. */
const WAITING: readonly (readonly [words: string, up: RegExp])[] = [
  ['view good --no-open', /Ctrl-C ends it/],
  ['serve rsocket', /Ctrl-C ends it/],
  ['serve connect', /Ctrl-C ends it/],
  ['serve swill', /Ctrl-C ends it/],
  ['serve --case river/rpc/add --binding json', /dial ws:/],
  ['tap connect --upstream http://127.0.0.1:1', /Ctrl-C ends it/],
  ['tap clamator --upstream redis://127.0.0.1:1 --clients 2', /Ctrl-C ends it/],
];

test.skipIf(!existsSync(main))('a command that is over ends its process, and does not leave that to Node', async () => {
  const hook = "const end = process.reallyExit; process.reallyExit = (code) => (process._rawDebug('ends'), end.call(process, code));";
  const { exitCode, stderr } = await execa(process.execPath, [main, 'list', 'river/rpc/add'], {
    cwd: folder,
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` },
  });
  expect([exitCode, stderr]).toEqual([0, 'ends']);
});

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('a hangup', { timeout: 90_000 }, () => {
  test.each(WAITING)('ends weir %s as Ctrl-C does', async (words, up) => {
    if (words.startsWith('view')) await weir('run', 'river/rpc/add', '--world', 'simulated', '--binding', 'json', '-o', 'good');
    const { child, said, seen } = started(folder, words.split(' '));
    onTestFinished(() => void child.kill('SIGKILL'));
    await said(up);
    child.kill('SIGHUP');
    const { exitCode } = await child;
    expect([exitCode, seen()]).toEqual([0, expect.not.stringContaining('bug of Weir')]);
  });

  test.each(['river', 'swill'])('ends weir fuzz %s between two scenarios, as soon as it was begun', async (protocol) => {
    const { child, said, seen } = started(folder, ['fuzz', protocol, '--time', '60', '--runs', '1000000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await said(/generated scenarios/);
    child.kill('SIGHUP');
    const { exitCode, signal } = await child;
    expect([exitCode, signal, seen()]).toEqual([129, undefined, expect.stringContaining('stopped')]);
  });

  test('ends a search among commits, and leaves neither checkouts nor folders', async () => {
    const place = join(folder, 'checkout');
    versioned(place, { count: 1, from: 9 });
    const git = (...words: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...words], { cwd: place });
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'one');
    for (let i = 0; i < 4; i += 1) await git('commit', '--quiet', '--allow-empty', '--message', `commit ${i}`);
    const temporary = mkdtempSync(join(tmpdir(), 'weir-endings-'));
    mkdirSync(temporary, { recursive: true });
    const child = execa(
      process.execPath,
      [main, 'bisect', './checkout', 'river/rpc/add@client+json', '--git', 'HEAD~4..HEAD', '--time-scale', '1'],
      { cwd: folder, reject: false, all: true, env: { NO_COLOR: '1', TMPDIR: temporary } },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    // Its first version is being tried.
    await expect
      .poll(() => readdirSync(temporary, { recursive: true }).some((name) => String(name).includes('commit-')), { timeout: 60_000 })
      .toBe(true);
    child.kill('SIGHUP');
    const { exitCode, all } = await child;
    expect(all).toContain('ended before it was found');
    expect(exitCode).toBe(129);
    expect(readdirSync(temporary)).toEqual([]);
    expect((await git('worktree', 'list')).stdout.trim().split('\n')).toHaveLength(1);
  });
});
