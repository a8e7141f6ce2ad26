import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { siteOf } from './places.ts';
import { REACHED, reachedOf, withProbes } from './probes.ts';

const SOURCE = `class Lazy {
  value = mark('of a field');
}
function asked(yes) {
  if (yes) return mark('yes'); else mark('no');
  for (const each of [1, 2]) if (each === 3) mark('third');
  mark('behind the block');
  return yes === undefined ? (0, mark('unsure')) + 1 : later(yes);
}
const later = (yes) => yes ?? mark('nothing');
function mark(word, by = mark.length + 'default'.length) {
  marked.push(word);
  return word.length;
}
function never() {
  return mark('never');
}
`;

const WORDS = ['of a field', 'yes', 'no', 'third', 'behind the block', 'unsure', 'nothing', 'never'];

describe('what is reached of a source with probes', () => {
  const probes = WORDS.map((word, probe) => ({ probe, site: siteOf(SOURCE, SOURCE.replace(`'${word}'`, `'another word'`)) }));
  const watched = WORDS.map((id, probe) => ({ id, probes: [probe] }));
  const reached = new Uint8Array(WORDS.length);
  const marked: string[] = [];
  const context = createContext({ [REACHED]: reached, marked });
  runInContext(withProbes(SOURCE, probes), context);

  it.each(['asked(true)', 'asked(false)', 'asked()', 'asked(null)', 'later()', 'new Lazy()', 'mark("yes")', 'asked(1), asked(0)'])(
    'is what ran of %s',
    (asked) => {
      marked.length = 0;
      runInContext(asked, context);
      const ran = asked.startsWith('mark') ? [] : WORDS.filter((word) => marked.includes(word));
      expect(reachedOf(watched, reached)).toEqual(ran);
      expect(reachedOf(watched, reached)).toEqual([]);
    },
  );
});

describe('probes at one place', () => {
  it('stand as what they are around does', () => {
    const source = 'const f = (a) => a ? b ? c : d : e;';
    const probes = ['e', 'd', 'b ? c : d', 'a ? b ? c : d : e'].map((words, probe) => {
      const from = source.indexOf(words);
      return {
        probe,
        site: { kind: 'around-expression' as const, from, to: from + words.length, depth: words.length > 1 ? 5 - probe : 9 },
      };
    });
    const f = (a: boolean, b: boolean): readonly number[] => {
      const reached = new Uint8Array(4);
      const context = createContext({ [REACHED]: reached, b, c: 'c', d: 'd', e: 'e' });
      expect(runInContext(`${withProbes(source, probes)} f(${a})`, context)).toBe(a ? (b ? 'c' : 'd') : 'e');
      return [...reached.keys()].filter((probe) => reached[probe] === 1);
    };
    expect(f(false, false)).toEqual([0, 3]);
    expect(f(true, false)).toEqual([1, 2, 3]);
    expect(f(true, true)).toEqual([2, 3]);
  });
});
