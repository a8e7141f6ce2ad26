import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from './package-root.ts';

/** Which top-level parts a file may import, by the longest matching prefix of its path. */
const ALLOWED: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['protocols/common/', ['protocols/common/']],
  ['protocols/websocket/', ['protocols/common/', 'protocols/websocket/']],
  ['protocols/', ['protocols/common/', 'SELF']],
  ['reference-client/', ['protocols/', 'SELF']],
  ['reference-server/', ['protocols/', 'SELF']],
  ['reporters/', ['reporters/', 'runner/results/result.ts', 'protocols/common/']],
  ['runner/cli/', ['runner/', 'reporters/', 'protocols/common/', 'protocols/websocket/']],
  ['runner/registry.ts', ['protocols/', 'reference-client/', 'reference-server/']],
  ['runner/', ['runner/', 'protocols/common/', 'protocols/websocket/']],
];

/** Why an import from one file to another is not allowed; undefined where it is. Paths are relative to the package. */
function objection(from: string, to: string): string | undefined {
  const rule = ALLOWED.find(([prefix]) => from.startsWith(prefix));
  if (rule === undefined) return `${from} lies in no known part of the house`;
  const self = `${from.split('/').slice(0, 2).join('/')}/`;
  const allowed = rule[1].some((prefix) => to.startsWith(prefix === 'SELF' ? self : prefix));
  return allowed ? undefined : `${from} may not import ${to}`;
}

const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/testing/');

function sources(): string[] {
  return ['protocols', 'reference-client', 'reference-server', 'runner', 'reporters'].flatMap((part) =>
    readdirSync(join(packageRoot(), part), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${part}/${file}`),
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(packageRoot(), file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((target) => relative(packageRoot(), join(packageRoot(), dirname(file), target)));
}

describe('imports run one way', () => {
  test('no source file imports against the order of the house', () => {
    const objections = sources()
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file).flatMap((target) => objection(file, target) ?? []));
    expect(objections).toEqual([]);
  });

  test('the rule finds what breaks it', () => {
    expect(objection('protocols/river/codec.ts', 'runner/conduct.ts')).toBeDefined();
    expect(objection('protocols/river/codec.ts', 'protocols/rsocket/frame.ts')).toBeDefined();
    expect(objection('runner/judge/verdict.ts', 'protocols/river/message.ts')).toBeDefined();
    expect(objection('reference-client/river/client.ts', 'reference-server/river/server.ts')).toBeDefined();
    expect(objection('reporters/junit.ts', 'runner/conduct.ts')).toBeDefined();
    expect(objection('runner/registry.ts', 'protocols/river/protocol.ts')).toBeUndefined();
  });

  test('nothing outside a protocol’s own folders knows it', () => {
    const own = /^(protocols|reference-client|reference-server)\/river\//;
    const knowing = sources()
      .filter((file) => !own.test(file) && !isTest(file) && file !== 'runner/registry.ts')
      .filter((file) => /['"/]river['"/]/.test(withoutComments(readFileSync(join(packageRoot(), file), 'utf8'))));
    expect(knowing).toEqual([]);
  });
});

/** Source text without comments and help texts in backquotes, which may give examples. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').replaceAll(/addHelpText\([^)]*\)|'[^'\n]* [^'\n]*'/g, '');
}
