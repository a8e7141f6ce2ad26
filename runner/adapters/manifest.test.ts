import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findManifest, loadImplementation, parseManifest, resolveManifest } from './manifest.ts';

const text = `name: some-river
title: Some River
language: Python
protocol: river
roles: [client]
command: [uv, run, --with, 'some-river==\${version}', adapter.py]
cwd: inner
env: { LEVEL: info, PIN: '\${version}' }
known-failures: known.yaml
prerequisites:
  - { check: [uv, --version], install: pip install uv }
versions:
  '2.0': {}
  '1.0': { command: [old, '\${version}'], env: { LEVEL: debug }, roles: [server], features: [] }
  main: { version: 3.0.0-dev }
`;

test('a column fills in its version and overrides what it names; paths start at the file', () => {
  const manifest = parseManifest('/x/implementation.yaml', text);
  expect(manifest.labels).toEqual(['2.0', '1.0', 'main']);
  expect(resolveManifest('/x/implementation.yaml', manifest)).toMatchObject({
    label: '2.0',
    version: '2.0',
    command: ['uv', 'run', '--with', 'some-river==2.0', 'adapter.py'],
    cwd: '/x/inner',
    env: { LEVEL: 'info', PIN: '2.0' },
    knownFailures: '/x/known.yaml',
    roles: ['client'],
    features: undefined,
    startupMs: 10_000,
    callMs: 10_000,
  });
  expect(resolveManifest('/x/implementation.yaml', manifest, '1.0')).toMatchObject({
    command: ['old', '1.0'],
    env: { LEVEL: 'debug', PIN: '1.0' },
    roles: ['server'],
    features: [],
  });
  expect(resolveManifest('/x/implementation.yaml', manifest, 'main').version).toBe('3.0.0-dev');
});

test('the first column that is written is meant, also where the labels are whole numbers', () => {
  const manifest = parseManifest('m.yaml', text.replace(/^versions:[\s\S]*/m, 'versions:\n  10: {}\n  9: {}\n  main: {}\n  2: {}\n'));
  expect(manifest.labels).toEqual(['10', '9', 'main', '2']);
  expect(resolveManifest('m.yaml', manifest).label).toBe('10');
});

test.each(['1.10', '2.0', '0x10', '1e3'])('the label %s is no number, and is to stand in quotes', (label) => {
  const columns = (written: string): string => text.replace(/^versions:[\s\S]*/m, `versions:\n  main: {}\n  ${written}: {}\n`);
  expect(() => parseManifest('m.yaml', columns(label))).toThrow(/m\.yaml:14:3.*number to YAML[\s\S]*in quotes: '/);
  expect(parseManifest('m.yaml', columns(`'${label}'`)).labels).toEqual(['main', label]);
});

test.each(['bindings', 'codecs'])('%s may be named for all columns, and for one', (word) => {
  const manifest = parseManifest(
    'm.yaml',
    text.replace('main: {', `main: { ${word}: [packed],`).replace('protocol:', `${word}: [plain]\nprotocol:`),
  );
  expect(resolveManifest('m.yaml', manifest).bindings).toEqual(['plain']);
  expect(resolveManifest('m.yaml', manifest, 'main').bindings).toEqual(['packed']);
});

test.each(['9.9', 'toString', '__proto__'])('the unknown column %s is refused', (label) => {
  const manifest = parseManifest('m.yaml', text);
  expect(() => resolveManifest('m.yaml', manifest, label)).toThrow(`m.yaml: there is no version "${label}"`);
});

test.each([
  [text.replace('roles: [client]', 'roles: [customer]'), 'm.yaml:5:9: '],
  [text.replace('command:', 'comand:'), 'm.yaml:6:1: unknown key `comand`'],
  [text.replace('title: Some River\n', ''), 'm.yaml:1:1: missing key `title`'],
  [text.replace('{ LEVEL: info', '{ LEVEL: 3'), 'm.yaml:8:15: `LEVEL` must be of type string'],
  [`${text}name: twice\n`, 'not valid YAML'],
])('a mistake is placed in the file', (wrong, message) => {
  expect(() => parseManifest('m.yaml', wrong)).toThrow(message);
});

test('an implementation is found by file, folder, name, each with a label or without, from any folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'weir-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['builtin/some-river', 'here/mine@home']) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'implementation.yaml'), text);
  }
  const search = { cwd: join(root, 'here'), builtin: join(root, 'builtin') };
  const builtin = join(root, 'builtin/some-river/implementation.yaml');
  const mine = join(root, 'here/mine@home/implementation.yaml');
  expect(findManifest('some-river', search)).toEqual({ file: builtin, label: undefined });
  expect(findManifest('some-river@1.0', search)).toEqual({ file: builtin, label: '1.0' });
  expect(findManifest('../builtin/some-river@1.0', search)).toEqual({ file: builtin, label: '1.0' });
  expect(findManifest(builtin, search)).toEqual({ file: builtin, label: undefined });
  expect(findManifest('./mine@home', search)).toEqual({ file: mine, label: undefined });
  expect(findManifest('mine@home@1.0', search)).toEqual({ file: mine, label: '1.0' });
  expect(loadImplementation('some-river@1.0', search)).toMatchObject({ file: builtin, label: '1.0' });
  expect(() => findManifest('nothing@1', search)).toThrow('no implementation "nothing@1"');
});
