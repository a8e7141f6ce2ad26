import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseJson } from './json.ts';
import { FileError, LONGEST_WRITTEN, readText } from './read.ts';

let folder: string;
const server = createServer();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-read-'));
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('nowhere', join(folder, 'broken'));
  symlinkSync('circle', join(folder, 'circle'));
  symlinkSync('pipe', join(folder, 'link-to-pipe'));
  writeFileSync(join(folder, 'sparse'), '');
  truncateSync(join(folder, 'sparse'), 2 ** 40);
  writeFileSync(join(folder, 'locked'), 'x', { mode: 0 });
  writeFileSync(join(folder, 'good'), 'gr\u00fc\u00dfe');
  await new Promise<void>((listening) => server.listen(join(folder, 'socket'), listening));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What paths may name that is no file to be read, and what is said of it. */
const NONE: readonly [string, RegExp][] = [
  ['folder', /it is a folder and no file/],
  ['pipe', /it is a pipe and no file/],
  ['link-to-pipe', /it is a pipe and no file/],
  ['socket', /it is a socket and no file/],
  ['broken', /it is a link that leads nowhere/],
  ['circle', /it is a link that leads in a circle/],
  ['sparse', /longer than the 4194304 bytes/],
  ['missing', /there is no such file/],
  ['good/below', /ENOTDIR/],
  ['zero\0', /null bytes/],
  ['/dev/zero', /it is a device and no file/],
  ['/dev/null', /it is a device and no file/],
];

describe.skipIf(process.platform !== 'linux')('a path that names no file', () => {
  it.each(NONE)('%s is refused at once', (name, words) => {
    const path = name.startsWith('/') ? name : join(folder, name);
    expect(() => readText(path, LONGEST_WRITTEN)).toThrow(FileError);
    expect(() => readText(path, LONGEST_WRITTEN)).toThrow(words);
  });

  it('is told from one whose length nobody knows', () => {
    expect(readText('/proc/self/status', LONGEST_WRITTEN)).toContain('Pid:');
    expect(() => readText('/proc/self/status', 10)).toThrow(/longer than the 10 bytes/);
  });

  it('is told from a file', () => {
    expect(readText(join(folder, 'good'), 7)).toBe('gr\u00fc\u00dfe');
    expect(() => readText(join(folder, 'good'), 6)).toThrow(/longer than the 6 bytes/);
  });
});

test('JSON of a file is bounded before it is parsed', () => {
  expect(parseJson('{"a":["[[[[", 1]}')).toEqual({ a: ['[[[[', 1] });
  expect(() => parseJson('['.repeat(10_000_000))).toThrow(/nested more than 2048 levels deep/);
  expect(() => parseJson(`[${'0,'.repeat(20_000_000)}0]`)).toThrow(/more than 16777216 values/);
});
