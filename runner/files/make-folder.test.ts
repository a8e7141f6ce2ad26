import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder is made with all above it, and one that is there stays', () => {
  makeFolder(join(folder, 'a', 'b', 'c'));
  makeFolder(join(folder, 'a', 'b', 'c'));
  expect(statSync(join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
});

test('what stands in the way is told', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
  expect(() => makeFolder('/proc/nowhere/below')).toThrow('ENOENT');
});

test('in a working directory that is gone it fails, and does not try for ever', async () => {
  const gone = mkdtempSync(join(tmpdir(), 'weir-gone-'));
  const module = pathToFileURL(join(import.meta.dirname, '../../dist/runner/files/make-folder.js')).href;
  const script = `import { rmdirSync } from 'node:fs';
import { makeFolder } from ${JSON.stringify(module)};
rmdirSync(${JSON.stringify(gone)});
try { makeFolder('a/b'); } catch (error) { console.log(error.code); }`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], { cwd: gone, timeout: 60_000 });
  expect(stdout).toBe('ENOENT');
});
