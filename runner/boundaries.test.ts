import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from './package-root.ts';
import { registry } from './registry.ts';
import { circlesIn, fileOf, importsIn } from './testing/imports.ts';

/** What clients are asked to do (protocols/common/control.ts). */
const CONTROL_WORDS: ReadonlySet<string> = new Set(['connect', 'invoke', 'send', 'finish', 'cancel', 'disconnect', 'serve', 'stop']);

/** What the console and the pages say in the same words. */
const SHARED_WORDS = [...['causes', 'news'].map((name) => `reporters/console/${name}.ts`), 'protocols/common/plain.ts'];

/** Which top-level parts a file may import, by the longest matching prefix of its path. */
const ALLOWED: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['protocols/common/', ['protocols/common/']],
  ['protocols/carriers/', ['protocols/common/', 'protocols/carriers/']],
  ['protocols/', ['protocols/common/', 'protocols/carriers/', 'SELF']],
  // A broker is no end of a protocol: it knows the carrier that it is spoken to by, and none of those that meet at it.
  ['brokers/', ['protocols/common/', 'protocols/carriers/', 'SELF']],
  ['reference-client/', ['protocols/', 'SELF']],
  ['reference-server/', ['protocols/', 'SELF']],
  [
    'reporters/',
    [
      'reporters/',
      'runner/files/make-folder.ts',
      'runner/files/read.ts',
      'runner/files/write.ts',
      'runner/results/result.ts',
      'runner/results/keeping.ts',
      'runner/results/named.ts',
      'runner/results/only-sometimes.ts',
      'protocols/common/',
      'viewer/page.ts',
      'viewer/live.ts',
      'viewer/trace-diff.ts',
      'viewer/matrix-data.ts',
    ],
  ],
  ['viewer/build.ts', ['runner/cli/notices.ts', 'runner/package-root.ts']],
  // The viewer knows what is published and no more: the grammars of results and traces, and the console's words.
  [
    'viewer/',
    [
      'viewer/',
      'runner/results/',
      'runner/bundles/format.ts',
      'runner/bundles/records.ts',
      'runner/compare/grammar.ts',
      'runner/compare/words.ts',
      'runner/query/',
      ...SHARED_WORDS,
    ],
  ],
  // The site tells what there is: the corpora, the schemas, the command line.
  ['site/', ['site/', 'runner/', 'protocols/common/']],
  // The command line brings a ladder to what draws it elsewhere than in a browser.
  ['runner/cli/', ['runner/', 'reporters/', 'protocols/common/', 'protocols/carriers/', 'viewer/model/', 'viewer/live.ts']],
  // A tap tells a page in its words what there is.
  ['runner/tap/', ['runner/', 'protocols/common/', 'protocols/carriers/', 'viewer/live.ts']],
  ['runner/export/', ['runner/', 'protocols/common/', 'protocols/carriers/', 'viewer/model/']],
  ['runner/registry.ts', ['protocols/', 'reference-client/', 'reference-server/', 'brokers/']],
  ['runner/', ['runner/', 'protocols/common/', 'protocols/carriers/']],
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

/** What the house is built of, and what stands beside it. */
const PARTS = ['brokers', 'protocols', 'reference-client', 'reference-server', 'runner', 'reporters', 'site', 'viewer'];

function sources(parts: readonly string[] = PARTS): string[] {
  return parts.flatMap((part) =>
    readdirSync(join(packageRoot(), part), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.m?tsx?$|\.mjs$/.test(file) && !/node_modules|^(dist|\.pages|\.vitepress)\//.test(file))
      .map((file) => `${part}/${file}`),
  );
}

const textOf = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

function importsOf(file: string): string[] {
  return importsIn(textOf(file)).flatMap((found) => fileOf(file, found) ?? []);
}

/** What is loaded with a file before anything runs: the files and the packages. */
function loadedWith(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const found of importsIn(textOf(file)).filter(({ when }) => when === 'start')) {
    const next = fileOf(file, found);
    if (next === undefined) loaded.add(found.target);
    else loadedWith(next, loaded);
  }
  return loaded;
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
    expect(objection('brokers/redis/model/model.ts', 'protocols/river/codec.ts')).toBeDefined();
    expect(objection('brokers/redis/process.ts', 'runner/adapters/reaper.ts')).toBeDefined();
    expect(objection('reporters/junit.ts', 'runner/conduct.ts')).toBeDefined();
    expect(objection('viewer/app/app.tsx', 'runner/registry.ts')).toBeDefined();
    expect(objection('viewer/model/ladder.ts', 'protocols/common/trace.ts')).toBeDefined();
    expect(objection('runner/registry.ts', 'protocols/river/protocol.ts')).toBeUndefined();
  });

  test('no files import each other in a circle, for types neither', () => {
    const all = sources([...PARTS, 'implementations']);
    expect(circlesIn(new Map(all.map((file) => [file, importsOf(file)])))).toEqual([]);
  });

  test.each([
    ['for what it does', "import { b } from './b.ts';"],
    ['for a type', "import type { B } from './b.ts';"],
    ['for a type among other things', "import {\n  a,\n  type B,\n} from './b.ts';"],
    ['for a type, in the middle', "const b: import('./b.ts').B = 1;"],
    ['when it comes to it', "const { b } = await import('./b.ts');"],
    ['to hand it on', "export type { B } from './b.ts';"],
    ['for its effect', "import './b.ts';"],
  ])('a circle is found where a file imports another %s', (_name, text) => {
    const graphOf = (texts: Record<string, string>) =>
      new Map(Object.entries(texts).map(([file, each]) => [file, importsIn(each).flatMap((found) => fileOf(file, found) ?? [])]));
    const back = "import type { A } from '../x/a.ts';";
    expect(
      circlesIn(graphOf({ 'x/a.ts': text, 'x/b.ts': "export * from './c/d.ts';", 'x/c/d.ts': "export * from '../e.ts';", 'x/e.ts': back })),
    ).toEqual([['x/a.ts', 'x/b.ts', 'x/c/d.ts', 'x/e.ts', 'x/a.ts']]);
    expect(circlesIn(graphOf({ 'x/a.ts': text, 'x/b.ts': "import { z } from 'a.ts';" }))).toEqual([]);
  });

  test('help and wrong usage load no schemas, no corpus and no peers', () => {
    const loaded = [...loadedWith('runner/cli/main.ts')];
    expect(loaded.filter((each) => !/^(runner|reporters|protocols)\//.test(each) && !each.startsWith('node:'))).toEqual(['commander']);
    expect(loaded).toContain('runner/cli/commands/run/declare.ts');
    expect([...loadedWith('runner/cli/commands/run/run.ts')]).toContain('zod');
  });

  test('nothing outside a protocol’s own folders knows it', () => {
    const knowing = Object.keys(registry).flatMap((name) => {
      const own = new RegExp(`^(protocols|reference-client|reference-server)/${name}/`);
      // A name that is a word of the control protocol, too, is known by its folders alone.
      const named = CONTROL_WORDS.has(name) ? new RegExp(`/${name}/`) : new RegExp(`['"/]${name}['"/]`);
      return sources()
        .filter((file) => !own.test(file) && !isTest(file) && file !== 'runner/registry.ts')
        .filter((file) => named.test(withoutComments(textOf(file))))
        .map((file) => `${file} knows ${name}`);
    });
    expect(knowing).toEqual([]);
  });

  test('nothing but a carrier’s own folder, protocols and their peers, what dials it and what captures it knows a carrier', () => {
    const KNOWING = [
      /^protocols\//,
      /^brokers\//,
      /^reference-(client|server)\//,
      /^runner\/worlds\/real\/(websocket|endpoint)-link\.ts$/,
      /^runner\/export\/pcapng\/(websocket|tcp|http|resp)\.ts$/,
      /^runner\/export\/har\.ts$/,
    ];
    const importing = sources()
      .filter((file) => !isTest(file) && !KNOWING.some((known) => known.test(file)))
      .filter((file) => importsOf(file).some((target) => target.startsWith('protocols/carriers/')));
    expect(importing).toEqual([]);
  });
});

/** Source text without comments and help texts in backquotes, which may give examples. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').replaceAll(/addHelpText\([^)]*\)|'[^'\n]* [^'\n]*'/g, '');
}
