import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readBundle } from '../bundles/format.ts';
import { packageRoot } from '../package-root.ts';
import type { Results } from '../results/result.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('axes');

/** Runs cases simulated and gives their ids with role and binding, in order. */
async function ids(...words: string[]): Promise<string[]> {
  const { stderr, exitCode } = await weir('run', '--world', 'simulated', '-o', 'out', ...words);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return results().runs.map(({ id }) => id);
}

const results = (): Results => JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')) as Results;

const BOTH = ['client+json', 'client+msgpack', 'server+json', 'server+msgpack'];

/** A case that a client fails which gives sums that are one too large. */
const OWN = `title: The sum of 0 and \${n} is \${n}
requirements: [RIVER-CODEC-08]
under-test: client
bindings: [json]
axes: { n: [1, 2] }
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: '\${n}' } }
  - receive: { from: sum, ok: { result: '\${n}' } }
`;

describe('a combination', () => {
  test('is run by its id, and by the id it had, then only under the role that it had', async () => {
    const id = 'river/malformed/field/seq/missing';
    expect(await ids('malformed/field/seq/missing')).toEqual(BOTH.map((how) => `${id}@${how}`));
    expect(await ids('river/malformed/seq-that-is-missing')).toEqual(['server+json', 'server+msgpack'].map((how) => `${id}@${how}`));
    expect(await ids('malformed/seq-that-is-missing@server+json')).toEqual([`${id}@server+json`]);
  });

  test('is picked by globs over the names of values', async () => {
    const found = await ids('malformed/field/*/missing', '--binding', 'json', '--role', 'client');
    expect(found).toContain('river/malformed/field/payload/missing@client+json');
    expect(found.every((id) => /^river\/malformed\/field\/\w+\/missing@client\+json$/.test(id))).toBe(true);
  });

  test('is listed and shown with its values', async () => {
    const { stdout } = await weir('list', 'malformed/field/seq', '--json');
    const listed = JSON.parse(stdout) as { id: string; roles: string[]; title: string }[];
    expect(listed).toContainEqual(
      expect.objectContaining({
        id: 'river/malformed/field/seq/fraction',
        roles: ['client', 'server'],
        title: 'A message whose seq is fraction ends its session, and nothing comes of it',
      }),
    );
    const shown = await weir('show', 'malformed/field/seq/fraction');
    expect(shown.stdout).toMatch(/^field {6}seq$/m);
    expect(shown.stdout).toMatch(/^wrong {6}fraction$/m);
  });

  test('scores under the id that a frozen set has it by', async () => {
    await ids('malformed/field/seq/missing', 'malformed/field/seq/map', '--set', 'v2.0');
    expect(results().score?.cases).toEqual({ passed: 2, total: 2 });
    expect(results().runs.map(({ inSet, setCases = [] }) => [inSet, ...setCases])).toEqual([
      ...Array(4).fill([false]),
      ...Array(2).fill([true, 'river/malformed/answer-whose-seq-is-missing']),
      ...Array(2).fill([true, 'river/malformed/seq-that-is-missing']),
    ]);
  });

  test('that failed leaves a bundle, is replayed and checked by it, and run again where it failed last', async () => {
    writeFileSync(join(folder, 'own.yaml'), OWN);
    mkdirSync(join(folder, 'mine'));
    const adapter = fileURLToPath(new URL('testing/off-by-one.mjs', import.meta.url));
    const manifest = {
      name: 'mine',
      title: 'Mine',
      language: 'JavaScript',
      protocol: 'river',
      roles: ['client'],
      command: ['node', adapter],
    };
    writeFileSync(join(folder, 'mine', 'implementation.yaml'), stringify(manifest));
    const { stdout, exitCode } = await weir('run', './own.yaml', '-i', 'mine', '-o', 'own');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('river/own/2@client+json');
    const bundles = readdirSync(join(folder, 'own', 'bundles')).map((name) => join(folder, 'own', 'bundles', name));
    const bundle = bundles.find((file) => readBundle(file, readFileSync(file, 'utf8')).case.id === 'river/own/2') ?? '';
    const replayed = await weir('replay', bundle, '--implementation', 'mine');
    expect(replayed.stdout).toContain('same fingerprint as recorded');
    expect(replayed.exitCode).toBe(1);
    expect((await weir('check', bundle)).stdout).toContain('same fingerprint as recorded');
    const again = await weir('run', './own.yaml', '-i', 'mine', '-o', 'own', '--last-failed');
    expect(again.stdout).toContain('2 case-runs');
  });
});

describe('how much of the products is run', () => {
  test('is all of the reference pair unless less is asked for', async () => {
    const full = await ids('handshake/request-member');
    const pairwise = await ids('handshake/request-member', '--axes', 'pairwise');
    const smoke = await ids('handshake/request-member', '--axes', 'smoke');
    expect(pairwise.length).toBeLessThan(full.length);
    expect(smoke.length).toBeLessThan(pairwise.length / 2);
    const cases = (runs: string[]): Set<string> => new Set(runs.map((id) => id.replace(/@.*/, '')));
    expect(cases(pairwise)).toEqual(cases(full));
    expect(await ids('handshake/request-member', '--axes', 'smoke')).toEqual(smoke);
  });

  test('is smoke of an implementation', async () => {
    const smoke = await ids('errors/value-of-the-wrong-shape', '--axes', 'smoke', '--role', 'server');
    const adapter = join(packageRoot(), 'implementations', 'reference-node');
    const { exitCode } = await weir('run', 'errors/value-of-the-wrong-shape', '--role', 'server', '-i', adapter, '-o', 'out');
    expect(exitCode).toBe(0);
    expect(
      results()
        .runs.map(({ id }) => id)
        .sort(),
    ).toEqual([...smoke].sort());
  });
});
