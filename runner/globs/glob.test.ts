import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it, test } from 'vitest';
import { anyGlob, GlobError, glob, scanGlob } from './glob.ts';

const ids = [
  'river',
  'river/rpc/add',
  'river/rpc/add~cut-before:client:3',
  'river/rpc/union',
  'river/reconnect/within-grace',
  'river/malformed/field/seq/missing',
  'river/rpc/add@client+json',
  'step:3',
  'invariant:river/acks',
];

/** Globs as people write them: picomatch, which may backtrack, is who they are held against. */
const globs = [
  'river/rpc/add',
  'river/rpc/*',
  'river/**',
  '**',
  '**/add',
  'river/**/missing',
  'river/malformed/field/*/missing',
  'river/{rpc,reconnect}/*',
  'river/rpc/[a-m]*',
  'river/rpc/[^a-m]*',
  'river/rpc/ad?',
  'river/@(rpc|reconnect)/*',
  'river/+(rpc|x)/add',
  '!river/rpc/*',
  'river/rpc/add~*',
  'step:*',
  'invariant:river/*',
  '*/rpc/a*d',
  'river/rpc/{add,un{ion,it}}',
  'river/rpc/add@client+*',
  'river/*',
  'r*r/**',
  'river/{malformed/**,rpc/union}',
  'river/{rpc/union,malformed/**}',
  'river/{malformed,rpc}/**',
  '{river/malformed/**,step:3}',
  '{river,step}/**',
  'river/{**/missing,rpc/add}',
  'river/{reconnect,{malformed/**,rpc}/union}',
];

describe.each(globs)('%s', (pattern) => {
  it.each(ids)('of %s says what picomatch says', (id) => {
    expect(glob(pattern)(id)).toBe(picomatch.isMatch(id, pattern));
  });
});

test('any one of several is enough', () => {
  expect(ids.filter(anyGlob(['river/rpc/add', 'step:*']))).toEqual(['river/rpc/add', 'step:3']);
});

/** Globs at which an engine that backtracks would still be at work tomorrow. */
const ATTACKS: readonly [string, string][] = [
  [`${'+('.repeat(9)}a${')*'.repeat(9)}x`, 'a'.repeat(200)],
  [`${'*a'.repeat(30)}x`, 'a'.repeat(400)],
  [`${'**/'.repeat(60)}x`, 'a/'.repeat(200)],
  [`${'{a,aa}'.repeat(60)}x`, 'a'.repeat(100)],
  [`${'*(a|aa|aaa)'.repeat(30)}x`, 'a'.repeat(400)],
];

test.each(ATTACKS)('%s ends', (pattern, id) => {
  expect(glob(pattern)(id)).toBe(false);
  expect(glob(pattern)(`${id}x`)).toBe(true);
});

test.each(['!(a)', 'a'.repeat(1001).concat('*'), `${'@('.repeat(400)}a${')'.repeat(400)}`])(
  '%s is refused or read, never a crash',
  (pattern) => {
    try {
      glob(pattern)('a');
    } catch (error) {
      expect(error).toBeInstanceOf(GlobError);
    }
  },
);

test('what cannot be told without backtracking is refused', () => {
  expect(() => glob('river/!(rpc)/*')).toThrow(/backtracking/);
});

test('whatever is written, it is a test or a GlobError', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab/*?![]{}(),|+@\\^$.-') }),
      fc.string({ unit: fc.constantFrom('a', 'b', '/') }),
      (pattern, id) => {
        try {
          glob(pattern)(id);
        } catch (error) {
          expect(error).toBeInstanceOf(GlobError);
        }
      },
    ),
  );
});

test.each(globs.filter((pattern) => !pattern.startsWith('!')))('what %s is certain of is what picomatch says', (pattern) => {
  const { base, isGlob } = picomatch.scan(pattern);
  expect(scanGlob(pattern)).toEqual({ base, isGlob });
});
