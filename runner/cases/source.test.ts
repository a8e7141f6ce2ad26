import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { readCorpusFiles } from './load.ts';
import { readSource } from './source.ts';

describe('reading YAML', () => {
  test('the fast reader and the one that knows places agree on every file of the corpus', () => {
    for (const { shown, text } of readCorpusFiles(`${packageRoot()}/cases/river`, () => true)) {
      const read = readSource(shown, text);
      expect(read.ok && read.source.value, shown).toEqual(parse(text, { maxAliasCount: -1 }));
    }
  });

  test('whatever the text, it is read or refused with a place inside it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\n a-c:{}[\],"'&*!|>#-]{0,40}$/), (text) => {
        const read = readSource('x.yaml', text);
        const lines = text.split('\n').length;
        const problems = read.ok ? [read.source.problem(['a', 0, 'b'], 'made up')] : read.problems;
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines);
          expect(problem.column).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });

  test('a place is that of the deepest part that exists', () => {
    const read = readSource('x.yaml', 'a:\n  - b: { c: 1 }\n');
    if (!read.ok) throw new Error('refused');
    expect(read.source.place(['a', 0, 'b', 'c'])).toMatchObject({ line: 2, column: 13 });
    expect(read.source.problem(['a', 0, 'b', 'c'], 'x', undefined, 'key')).toMatchObject({ line: 2, column: 10, length: 1 });
    expect(read.source.place(['a', 0, 'b', 'missing'])).toMatchObject({ line: 2, column: 8 });
    expect(read.source.place(['nothing'])).toMatchObject({ line: 1, column: 1 });
  });
});
