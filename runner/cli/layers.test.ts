import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dynamicGroups, type Inputs, layersOf, reachedBy } from './layers.ts';
import { main } from './testing/command-line.ts';

/** Modules and what each imports; `?x` is loaded dynamically. */
function inputs(modules: Record<string, string>): Inputs {
  const of = (said: string): Inputs[string]['imports'] =>
    said
      .split(' ')
      .filter((each) => each !== '')
      .map((each) => ({ path: each.replace('?', ''), kind: each.startsWith('?') ? 'dynamic-import' : 'import-statement' }));
  return Object.fromEntries(Object.entries(modules).map(([file, said]) => [file, { bytes: 1, imports: of(said) }]));
}

const house = inputs({
  'list.ts': 'corpus.ts common.ts',
  'run.ts': 'list.ts world.ts ?late.ts',
  'world.ts': 'common.ts node_modules/p/index.js',
  'corpus.ts': '',
  'common.ts': '',
  'late.ts': '',
  'node_modules/p/index.js': '',
  'protocols/a/protocol.ts': 'common.ts protocols/a/codec.ts protocols/a/invariants.ts protocols/b/carrier.ts node_modules/p/index.js',
  'protocols/a/codec.ts': '',
  'protocols/a/invariants.ts': '',
  'peers/a/index.ts': 'protocols/a/codec.ts peers/a/dial.ts',
  'peers/a/dial.ts': '',
  'protocols/b/protocol.ts': 'protocols/b/carrier.ts',
  'protocols/b/carrier.ts': '',
  'registry.ts': '?protocols/a/protocol.ts ?peers/a/index.ts ?protocols/b/protocol.ts',
});

describe('layers of a bundle', () => {
  test('reach what is loaded with a module, and nothing that it loads later', () => {
    expect([...reachedBy(house, ['run.ts'])].sort()).toEqual([
      ...['common.ts', 'corpus.ts', 'list.ts', 'node_modules/p/index.js', 'run.ts', 'world.ts'],
    ]);
  });

  test('go by what is loaded later, by folder', () => {
    expect(dynamicGroups(house, 'registry.ts')).toEqual([['protocols/a/protocol.ts', 'peers/a/index.ts'], ['protocols/b/protocol.ts']]);
  });

  test('have each of our modules once: first what several need, then commands, then what is apart, in three parts', () => {
    const layers = layersOf(house, [['list.ts'], ['run.ts']], dynamicGroups(house, 'registry.ts'));
    expect(layers.map(({ modules }) => [...modules].sort())).toEqual([
      ['common.ts', 'protocols/b/carrier.ts'],
      ['corpus.ts', 'list.ts'],
      ['run.ts', 'world.ts'],
      ['protocols/a/codec.ts'],
      ['protocols/a/invariants.ts', 'protocols/a/protocol.ts'],
      ['peers/a/dial.ts', 'peers/a/index.ts'],
      [],
      ['protocols/b/protocol.ts'],
      [],
    ]);
  });
});

describe('the built command line', () => {
  const built = dirname(main);
  const importsOf = (file: string): readonly string[] => {
    const text = readFileSync(join(built, file), 'utf8');
    return [...text.matchAll(/(?:^|;)(?:import|export)[^;'"]*["']\.\/(?:chunks\/)?([\w-]+\.js)["']/gm)].flatMap(([, name]) => name ?? []);
  };
  const loadedWith = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const each of importsOf(file).filter((name) => !seen.has(name))) {
      seen.add(each);
      loadedWith(`chunks/${each}`, seen);
    }
    return seen;
  };
  const chunk = (start: string): string =>
    readdirSync(join(built, 'chunks')).find((file) => file.startsWith(start) && file.endsWith('.js')) ?? '';

  test.each(['run-', 'list-', 'show-', 'check-', 'river-'])('loads a command or a protocol (%s) as few files', (start) => {
    const files = loadedWith(`chunks/${chunk(start)}`);
    expect(files.size).toBeGreaterThan(3);
    expect(files.size).toBeLessThan(40);
  });
});
