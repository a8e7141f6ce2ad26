import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mismatch } from './pattern.ts';
import { show } from './show.ts';
import { toTagged } from './value.ts';

const bytes = new Uint8Array([1]);

describe('a pattern', () => {
  it.each<[pattern: unknown, value: unknown, other: unknown]>([
    ['any', null, undefined],
    ['a', 'a', 'b'],
    [1, 1, 1n],
    [null, null, undefined],
    [{}, { a: 1 }, []],
    [{ a: 1 }, { a: 1, b: 2 }, { b: 2 }],
    [{ a: { b: 'any' } }, { a: { b: false } }, { a: {} }],
    [[1, 'any'], [1, 2], [1]],
    [[], [], {}],
    [{ a: { $absent: true } }, {}, { a: null }],
    [{ $type: 'string' }, 'x', 1],
    [{ $type: 'number' }, 1, '1'],
    [{ $type: 'number' }, 1.5, 1n],
    [{ $type: 'integer' }, 1, 1.5],
    [{ $type: 'boolean' }, false, null],
    [{ $type: 'bytes' }, bytes, [1]],
    [{ $type: 'bigint' }, 1n, 1],
    [{ $type: 'null' }, null, undefined],
    [{ $type: 'list' }, [], {}],
    [{ $type: 'map' }, {}, []],
    [{ $exactly: { a: 1 } }, { a: 1 }, { a: 1, b: 2 }],
    [{ $exactly: 'any' }, 'any', 'other'],
    [{ $exactly: { a: { $bigint: '5' } } }, { a: 5n }, { a: 5 }],
    [{ $oneOf: [1, { $type: 'string' }] }, 'x', 2],
    [{ $not: { a: 1 } }, { a: 2 }, { a: 1, b: 1 }],
    [{ $not: 'any' }, undefined, null],
    [{ $match: '^a+$' }, 'aa', 'ab'],
    [{ $match: '1' }, '1', 1],
    [{ $length: 2 }, 'ab', 'abc'],
    [{ $length: 1 }, bytes, []],
    [{ $length: 0 }, [], {}],
    [{ $range: [1, 3] }, 3, 4],
    [{ $range: [1, 3] }, 1, '2'],
    [{ $bytes: 'AQ==' }, bytes, new Uint8Array([2])],
    [{ $bigint: '5' }, 5n, 5],
    [{ $number: 'NaN' }, NaN, 0],
    [{ $undefined: true }, undefined, null],
    [{ a: [{ $bytes: 'AQ==' }] }, { a: [bytes] }, { a: ['AQ=='] }],
    [{ a: 1, $b: 2 }, { a: 1, $b: 2 }, { a: 1 }],
    [{ toString: { $absent: true } }, {}, { toString: 1 }],
  ])('%o matches %o, but not %o', (pattern, value, other) => {
    expect(mismatch(pattern, value)).toBeUndefined();
    expect(mismatch(pattern, other)).toBeTypeOf('string');
  });

  it.each<[unknown, unknown, string]>([
    [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1]: expected 2, got 3'],
    [{ a: 1 }, {}, 'a: expected 1, got nothing'],
    ['any', undefined, 'value: expected any value, got none'],
    [[1], [], 'value: expected 1 items, got 0'],
    [{ n: { $range: [1, 2] } }, { n: 5 }, 'n: expected a number from 1 to 2, got 5'],
    [{ s: { $length: 1 } }, { s: 5 }, 's: expected length 1, got 5'],
  ])('%o on %o says: %s', (pattern, value, reason) => {
    expect(mismatch(pattern, value)).toBe(reason);
  });

  it('made of a plain value matches that value', () => {
    const plain = fc.jsonValue().filter((value) => !/"any"|"\$/.test(JSON.stringify(value)));
    fc.assert(fc.property(plain, (value) => mismatch(toTagged(value), value) === undefined));
  });

  it('of no choices matches nothing', () => {
    expect(mismatch({ $oneOf: [] }, undefined)).toBe('value: expected one of [], got nothing');
  });

  it('extends the given path', () => {
    expect(mismatch({ a: 1 }, { a: 2 }, 'payload')).toBe('payload.a: expected 1, got 2');
  });
});

it('shows values in short', () => {
  expect(show({ a: 5n, b: bytes, c: [NaN, -0] })).toBe(
    '{"a":{"$bigint":"5"},"b":{"$bytes":"AQ=="},"c":[{"$number":"NaN"},{"$number":"-0"}]}',
  );
  expect(show(Buffer.from([1]))).toBe('{"$bytes":"AQ=="}');
  expect(show(undefined)).toBe('nothing');
  expect(show(() => 1)).toBe('function');
  expect(show('x'.repeat(200))).toHaveLength(118);
});
