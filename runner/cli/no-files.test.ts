import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { askedCommandLine, main } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('none');

beforeAll(() => {
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  mkdirSync(join(folder, 'folder.yaml'));
  symlinkSync('nowhere', join(folder, 'broken.yaml'));
});

/** Commands and a path that they read; every path that names no file is refused at once. One more is a line. */
const READS: readonly (readonly [readonly string[], string, RegExp])[] = [
  [['check'], '/dev/zero', /is a device/],
  [['check'], 'pipe.yaml', /is a pipe/],
  [['diff', 'pipe.yaml'], 'pipe.yaml', /is a pipe/],
  [['diff', '/dev/zero'], 'broken.yaml', /is a device/],
  [['export', '--svg'], 'pipe.yaml', /is a pipe/],
  [['export', '--pcapng', '-o', 'out.pcapng'], '/dev/zero', /is a device/],
  [['replay'], 'pipe.yaml', /is a pipe/],
  [['replay'], 'folder.yaml', /is a folder/],
  [['merge'], '/dev/zero', /is a device/],
  [['merge'], 'broken.yaml', /leads nowhere/],
  [['run', '-i'], '/dev/zero', /is a device/],
  [['run', '-i'], 'pipe.yaml', /is a pipe/],
  [['run'], './pipe.yaml', /is a pipe/],
  [['run'], './broken.yaml', /leads nowhere/],
  [['run', 'river/rpc/add', '--set'], './pipe.yaml', /is a pipe/],
  [['coverage', '--mutants'], 'pipe.yaml', /is a pipe/],
  [['query', 'verdict:fail'], 'pipe.yaml', /is a pipe/],
  [['query', 'verdict:fail'], '/dev/zero', /is a device/],
  [['view', '--no-open'], 'pipe.yaml', /is a pipe/],
  [['report'], '/dev/zero', /is a device/],
  [['distil'], 'pipe.yaml', /is a pipe/],
  [['matrix', '--choice'], '/dev/zero', /is a device/],
  [['matrix', '--choice'], 'broken.yaml', /leads nowhere/],
  [['doctor'], 'pipe.yaml', /is a pipe/],
  [['baseline', 'prune', '-i'], '/dev/zero', /is a device/],
  [['replay', 'pipe.yaml', '--case'], 'pipe.yaml', /is a pipe/],
];

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('weir', () => {
  test.for(READS)('%s of %s is told what it is', async ([words, path, said]) => {
    const { exitCode, stderr } = await weir(...words, path);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('bug of Weir');
    expect(exitCode).toBe(2);
  });
});
