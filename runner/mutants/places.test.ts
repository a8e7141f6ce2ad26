import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { otherwiseIn, siteOf } from './places.ts';

/** Of few letters, so that what is added often repeats what stands there. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '{', '}'), maxLength: 20 });

describe('what is otherwise in a text', () => {
  it('is all that has to be replaced', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { from, to } = otherwiseIn(one, other);
        expect(from).toBeLessThanOrEqual(to);
        expect(other.startsWith(one.slice(0, from))).toBe(true);
        expect(other.endsWith(one.slice(to))).toBe(true);
        expect(other.length).toBeGreaterThanOrEqual(from + one.length - to);
      }),
    );
  });

  it('is as short as it can be', () => {
    expect(otherwiseIn('one two three', 'one 2 three')).toEqual({ from: 4, to: 7 });
    expect(otherwiseIn('one more', 'one and more')).toEqual({ from: 4, to: 4 });
  });
});

describe('the site of a change', () => {
  const SOURCE = `import { a } from './a.ts';
class Peer {
  #kept = first();
  hear(word: string, times = twice()): number {
    if (word === '') return nothing();
    else mark('else');
    last();
    try { risky(); } catch {}
    return times > 1 && word !== '' ? many(word) : one(word);
  }
}
const short = (word: string) => ({ word });
`;

  /** The site's text: what it is around, or the statement it is before. */
  const shown = (find: string, replace: string): string => {
    const { kind, from, to } = siteOf(SOURCE, SOURCE.replace(find, replace));
    return `${kind}: ${kind === 'statement' ? SOURCE.slice(from).split('\n')[0] || `^${SOURCE.slice(from).split('\n')[1]}` : SOURCE.slice(from, to)}`;
  };

  test.each([
    ['in a statement is before it', 'last()', 'lasting()', 'statement: last();'],
    ['in a statement that is no block is around it', 'nothing()', 'something()', 'around-statement: return nothing();'],
    ['in what stands behind else, too', "mark('else')", 'mark()', "around-statement: mark('else');"],
    ['in an arm is around it', 'many(word)', 'several(word)', 'around-expression: many(word)'],
    ['in the right of && is around it', "word !== ''", "word !== ' '", "around-expression: word !== ''"],
    ['behind an arm may be outside of it', 'one(word)', 'one(word) as never', 'around-expression: one(word)'],
    ['that goes beyond an arm is before what holds it', ': one(word)', ' + 1 : one(word) + 1, two()', 'statement: return times > 1'],
    ['in a default is around it', 'twice()', 'thrice()', 'around-expression: twice()'],
    ['in parameters is where the function begins', 'word: string,', 'word: unknown,', "statement: ^    if (word === '') return nothing();"],
    ['that adds a first statement is before the next', 'number {\n', 'number {\n    added();\n', "statement: if (word === '')"],
    ['in several parameters, too', 'string, times = twice()', 'unknown, times = 0', "statement: ^    if (word === '') return nothing();"],
    ['that adds a statement is before the one it comes before', 'last();', 'added();\n    last();', 'statement: last();'],
    [
      'that goes on where a statement ends is before that one',
      '} catch {}',
      '} catch {} finally { added(); }',
      'statement: try { risky(); }',
    ],
    ['in a field is around its value', 'first()', 'second()', 'around-expression: first()'],
    ['in what an arrow gives is around it', '{ word }', '{ word, more: 1 }', 'around-expression: { word }'],
    ['in the list of members is of the whole class', '  hear(', '  added() {}\n  hear(', 'statement: class Peer {'],
    [
      'between statements of a module is of all of it',
      'const short',
      'const added = 1;\nconst short',
      "statement: import { a } from './a.ts';",
    ],
  ])('%s', (_what, find, replace, expected) => {
    expect(shown(find, replace).startsWith(expected)).toBe(true);
  });

  it('is told of no source that has no sense', () => {
    expect(() => siteOf('const a = 1;', 'const = 1;')).toThrow();
  });
});
