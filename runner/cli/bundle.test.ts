import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { type BundledPackage, foldersOfPackages, isNotice, noticeOf, noticesOf } from './notices.ts';
import { main } from './testing/command-line.ts';

const built = dirname(main);

/** Folders of the packages whose code is in the built command line, by what its source maps say. */
function packagesInMaps(): readonly string[] {
  const maps = readdirSync(join(built, 'chunks')).filter((file) => file.endsWith('.js.map'));
  const files = [...maps.map((file) => `chunks/${file}`), 'main.js.map', 'thread.js.map'].flatMap((file) => {
    const { sources }: { sources: string[] } = JSON.parse(readFileSync(join(built, file), 'utf8'));
    return sources.map((source) => relative(packageRoot(), join(built, dirname(file), source)));
  });
  return [...new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))];
}

/** What the notices lack: packages among these whose name and version, or whose own words of licence, they do not have. */
function missing(notices: string, folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => {
    const path = join(packageRoot(), folder);
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const license = readdirSync(path).find((file) => file.toLowerCase().startsWith('licen'));
    const words = readFileSync(license === undefined ? join(packageRoot(), noticeOf(name)) : join(path, license), 'utf8');
    return !notices.includes(`\n${name} ${version} (`) || !notices.includes(words.replaceAll('\r\n', '\n').trim());
  });
}

describe('the notices of the built command line', () => {
  const notices = readFileSync(join(built, 'THIRD-PARTY-NOTICES.txt'), 'utf8');

  test('have every package whose code is in it', () => {
    const folders = packagesInMaps();
    expect(folders).toEqual(
      expect.arrayContaining(['node_modules/ws', 'node_modules/zod', 'node_modules/@msgpack/msgpack', 'node_modules/@bufbuild/protobuf']),
    );
    expect(missing(notices, folders)).toEqual([]);
  });

  test('would be found to lack one', () => {
    expect(missing(notices.replace(/\nws \d/, '\nsw 8'), packagesInMaps())).toEqual(['node_modules/ws']);
  });
});

describe('notices', () => {
  const ws: BundledPackage = { name: 'ws', version: '8.0.0', license: 'MIT', texts: ['Copyright A\r\nPermission is …\r\n'] };

  test('have name, version, licence and words of each package', () => {
    const zod = { ...ws, name: 'zod', texts: ['Copyright B', 'NOTICE of B'] };
    const notices = noticesOf([ws, zod]);
    expect(notices).toContain('\nws 8.0.0 (MIT)\n\nCopyright A\nPermission is …\n\n');
    expect(notices).toContain('\nzod 8.0.0 (MIT)\n\nCopyright B\n\nNOTICE of B\n');
  });

  test.each([
    ['no text', { ...ws, texts: [] }, 'ws 8.0.0 (MIT) brings no text of its licence'],
    ['an empty text', { ...ws, texts: ['\n'] }, 'ws 8.0.0 (MIT) brings no text of its licence'],
    ['no licence', { ...ws, license: undefined }, 'ws 8.0.0 names no licence'],
  ])('are refused where a package has %s', (_name, faulty, message) => {
    expect(() => noticesOf([ws, faulty])).toThrow(message);
  });

  test('are of the packages with code in an output, nested and scoped ones apart, and of none that was left out', () => {
    const output = (inputs: Record<string, number>) => ({
      bytes: 0,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }])),
    });
    const outputs = {
      'main.js': output({ 'runner/cli/main.ts': 9, 'node_modules/b/node_modules/a/x.js': 1, 'node_modules/@s/c/lib/y.js': 1 }),
      'chunk.js': output({ 'node_modules/a/x.js': 1, 'node_modules/a/y.js': 1, 'node_modules/gone/x.js': 0 }),
    };
    expect(foldersOfPackages({ outputs })).toEqual(['node_modules/@s/c', 'node_modules/a', 'node_modules/b/node_modules/a']);
  });

  test.each([
    ['LICENSE', true],
    ['license', true],
    ['LICENCE.md', true],
    ['LICENSE-MIT.txt', true],
    ['COPYING', true],
    ['NOTICE.txt', true],
    ['licenses.js', false],
    ['README.md', false],
  ])('are taken from %s: %s', (file, taken) => {
    expect(isNotice(file)).toBe(taken);
  });
});
