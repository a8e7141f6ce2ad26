import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { askedCommandLine } from './testing/command-line.ts';
import { versioned } from './testing/versions.ts';

const { folder, weir } = askedCommandLine('bisect');
const CASE = 'river/rpc/declared-error@client+json';

test('the version in which a case began to fail is found with as few runs as halving needs', async () => {
  versioned(join(folder, 'toy'), { count: 8, from: 6 });
  const ran = await weir('bisect', './toy', CASE, '--time-scale', '1');
  expect(ran.stdout).toContain(`${CASE} began to fail in 0.6; 0.5 passes`);
  expect(ran.stdout).toContain('division is not done here');
  expect(ran.stdout).toMatch(/again: npx weir run .*--implementation \.\/toy@0\.6/);
  expect(ran.exitCode).toBe(0);
  expect(ran.stdout.match(/^0\.\d+: /gm)?.length).toBeLessThanOrEqual(2 + 3);
});

test('versions need not be in the manifest, and one that cannot be started is passed over', async () => {
  versioned(join(folder, 'other'), { count: 4, from: 3, absent: [2] });
  const ran = await weir('bisect', './other', CASE, '--versions', '0.1', '0.2', '0.3', '0.4', '0.5', '--time-scale', '1');
  expect(ran.stdout).toContain('0.2: could not be run');
  expect(ran.stdout).toContain(`${CASE} began to fail in 0.3 or one of the 1 before it, which could not be tested; 0.1 passes`);
});

test('a case that does not fail, or always did, is no find', async () => {
  versioned(join(folder, 'good'), { count: 3, from: 9 });
  const good = await weir('bisect', './good', CASE, '--time-scale', '1');
  expect(good).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('does not fail in 0.3, the newest') });
  versioned(join(folder, 'bad'), { count: 3, from: 0 });
  const bad = await weir('bisect', './bad', CASE, '--time-scale', '1');
  expect(bad).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('fails in 0.1 already, the oldest') });
});

test('commits of a checkout are searched, and the checkout stays as it is', async () => {
  const place = join(folder, 'checkout');
  versioned(place, { count: 1, from: 9 });
  const git = (...words: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...words], { cwd: place });
  await git('init', '--quiet');
  const commits: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    if (i === 2) {
      versioned(join(folder, 'broken'), { count: 1, from: 0 });
      cpSync(join(folder, 'broken/adapter.mjs'), join(place, 'adapter.mjs'));
    }
    writeFileSync(join(place, 'note'), String(i));
    await git('add', '.');
    await git('commit', '--quiet', '--message', `commit ${i}`);
    commits.push((await git('rev-parse', 'HEAD')).stdout);
  }
  writeFileSync(join(place, 'note'), 'not committed');
  const ran = await weir('bisect', './checkout', CASE, '--git', `${commits[0]}..HEAD`, '--time-scale', '1');
  expect(ran.stdout).toContain(`${CASE} began to fail in ${commits[2]?.slice(0, 10)}; ${commits[1]?.slice(0, 10)} passes`);
  expect(readFileSync(join(place, 'note'), 'utf8')).toBe('not committed');
  expect((await git('worktree', 'list')).stdout.trim().split('\n')).toHaveLength(1);
  expect(await weir('bisect', './checkout', CASE, '--git', 'nothing..HEAD')).toMatchObject({ exitCode: 2 });
});
