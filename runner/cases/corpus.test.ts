import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { buildCorpus, type CorpusFile } from './corpus.ts';
import { loadCorpus } from './load.ts';
import { formatProblem } from './problem.ts';
import { toyCase, toyLanguage } from './testing/toy.ts';

const REQUIREMENTS = `- { id: TOY-03, level: MUST, role: both, source: Toys, text: Do., observe: Look. }\n`;
const SERVICES = 'procedures: { toys.add: { kind: rpc } }\n';
const GOOD = toyCase('  - invoke: { as: sum, procedure: toys.add }\n  - end: sum\n');

function build(files: Readonly<Record<string, string>>) {
  const all = { 'requirements.yaml': REQUIREMENTS, 'services.yaml': SERVICES, ...files };
  return buildCorpus(
    toyLanguage,
    Object.entries(all).map(([path, text]): CorpusFile => ({ path, shown: `cases/toy/${path}`, text })),
  );
}

function messages(files: Readonly<Record<string, string>>): string[] {
  const outcome = build(files);
  return outcome.ok ? [] : outcome.problems.map(formatProblem);
}

describe('a corpus', () => {
  test('names its cases by their paths, in order', () => {
    const outcome = build({ 'b/two.yaml': GOOD, 'a/one.yaml': GOOD });
    expect(outcome.ok && outcome.corpus.cases.map(({ id }) => id)).toEqual(['toy/a/one', 'toy/b/two']);
    expect(outcome.ok && outcome.corpus.procedureKinds).toEqual({ 'toys.add': 'rpc' });
  });

  test('collects what is wrong in all of its files', () => {
    const bad = GOOD.replace('invoke', 'invok');
    expect(messages({ 'a/one.yaml': bad, 'b/two.yaml': bad, 'c/three.yaml': GOOD })).toEqual([
      expect.stringMatching(/^cases\/toy\/a\/one\.yaml:5:5: unknown step/),
      expect.stringMatching(/^cases\/toy\/b\/two\.yaml:5:5: unknown step/),
    ]);
  });

  test('refuses a requirement that is listed twice', () => {
    expect(messages({ 'requirements.yaml': REQUIREMENTS + REQUIREMENTS })).toEqual([expect.stringMatching(/TOY-03` is listed twice/)]);
  });

  test('refuses an alias that stands for another case', () => {
    const aliased = GOOD.replace('steps:', 'aliases: [toy/b/two]\nsteps:');
    expect(messages({ 'a/one.yaml': aliased, 'b/two.yaml': GOOD })).toEqual([
      expect.stringMatching(/a\/one\.yaml:4:11: `toy\/b\/two` stands for/),
    ]);
  });
});

describe.each(Object.entries(registry))('the corpus of %s', (name, entry) => {
  test('is without errors', async () => {
    const language = await entry.protocol();
    const corpus = loadCorpus({ folder: `${packageRoot()}/cases/${name}`, language });
    expect(corpus.cases.length).toBeGreaterThan(0);
  });

  test('can be read in part', async () => {
    const language = await entry.protocol();
    const folder = `${packageRoot()}/cases/${name}`;
    // Of a product the file is asked for.
    const first = loadCorpus({ folder, language }).cases.find(({ combination }) => combination === undefined);
    const part = loadCorpus({ folder, language, only: (id) => id === first?.id });
    // One of a role of its own stands there once for each.
    expect([...new Set(part.cases.map(({ id }) => id))]).toEqual([first?.id]);
  });
});
