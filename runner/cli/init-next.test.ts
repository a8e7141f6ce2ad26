import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir, weirIn } = askedCommandLine('init-next');

test.each(['go', 'python'])('what comes next can be pasted where the folder has a space (%s)', async (language) => {
  const cwd = join(folder, language);
  mkdirSync(cwd);
  const { stdout } = await weirIn(
    { cwd },
    'init',
    'my tests',
    '--name',
    'mine',
    '--language',
    language,
    '--protocol',
    'river',
    '--role',
    'client',
  );
  const next = stdout.slice(stdout.indexOf('Next:'));
  expect(next).toContain("npx weir doctor './my tests' --quick");
  expect(next).toContain("npx weir run --implementation './my tests'");
  expect(next.replaceAll(/'[^'\n]*'/g, '')).not.toContain('my tests');
});

test('a folder whose name will not do asks for another name, and is not told of an option that nobody gave', async () => {
  const { stderr, exitCode } = await weir('init', 'Mein Prüfstand', '--language', 'go', '--protocol', 'river', '--role', 'client');
  expect(stderr).toMatch(/^the folder’s name, mein prüfstand, .*: say --name; .*lower-case letters/);
  expect(exitCode).toBe(2);
});
