import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTagged, isPlainObject, ownMember, sameValue, setOwn, toTagged } from './value.ts';

const tags: [unknown, unknown][] = [
  [{ $bytes: 'AAH/' }, new Uint8Array([0, 1, 255])],
  [{ $bytes: '' }, new Uint8Array()],
  [{ $bigint: '-12' }, -12n],
  [{ $number: 'NaN' }, NaN],
  [{ $number: 'Infinity' }, Infinity],
  [{ $number: '-Infinity' }, -Infinity],
  [{ $number: '-0' }, -0],
  [{ $undefined: true }, undefined],
  [
    [1, { a: { $bigint: '1' } }, null, 'x', true],
    [1, { a: 1n }, null, 'x', true],
  ],
];

describe('tagged values', () => {
  it.each(tags)('%o', (tagged, value) => {
    expect(sameValue(fromTagged(tagged), value)).toBe(true);
    expect(toTagged(value)).toEqual(tagged);
  });

  it.each([{ $bytes: 1 }, { $bytes: '%%' }, { $bytes: 'AA=H' }, { $bigint: '1.5' }, { $bigint: 5 }, { $number: '1' }])(
    'refuses %o',
    (tagged) => {
      expect(() => fromTagged([tagged])).toThrow(TypeError);
    },
  );

  it('leaves maps with more keys, and unknown tags, as they are', () => {
    const plain = { a: { $bytes: 'AA==', more: 1 }, b: { $other: 1 } };
    expect(fromTagged(plain)).toEqual(plain);
  });

  it('shows what has no form as opaque', () => {
    expect(toTagged([() => 1, Symbol('s'), new Date(0), new Map()])).toEqual([
      { $opaque: 'function' },
      { $opaque: 'symbol' },
      { $opaque: '[object Date]' },
      { $opaque: '[object Map]' },
    ]);
  });

  it('survive JSON', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true }).filter((value) => !hasTag(value));
    fc.assert(
      fc.property(anything, (value) => {
        const back = fromTagged(JSON.parse(JSON.stringify(toTagged(value))) as unknown);
        return JSON.stringify(toTagged(back)) === JSON.stringify(toTagged(value));
      }),
    );
  });

  it('keep a __proto__ key a mere key', () => {
    const value = fromTagged(JSON.parse('{"__proto__":{"x":1}}')) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('x' in value).toBe(false);
    const target: Record<string, unknown> = {};
    setOwn(target, '__proto__', 1);
    setOwn(target, 'a', 2);
    expect(Object.entries(target)).toEqual([
      ['__proto__', 1],
      ['a', 2],
    ]);
  });
});

describe('ownMember', () => {
  it('finds what was set and no name of the language', () => {
    const members: Record<string, number> = {};
    setOwn(members, '__proto__', 1);
    expect(ownMember(members, '__proto__')).toBe(1);
    expect(ownMember(members, 'constructor')).toBeUndefined();
    expect(ownMember(undefined, 'a')).toBeUndefined();
  });
});

describe('sameValue', () => {
  it.each<[unknown, unknown]>([
    [NaN, NaN],
    [new Uint8Array([1]), Buffer.from([1])],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [Object.create(null), {}],
    [undefined, undefined],
  ])('%o equals %o', (a, b) => {
    expect(sameValue(a, b)).toBe(true);
    expect(sameValue(b, a)).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [1, 1n],
    [0, -0],
    [1, '1'],
    [null, undefined],
    [[1], { 0: 1 }],
    [[], [undefined]],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [{ toString: 1 }, { x: 1 }],
    [new Uint8Array([1]), [1]],
    [new Uint8Array([1]), new Uint8Array([1, 2])],
    [new Date(0), new Date(0)],
  ])('%o differs from %o', (a, b) => {
    expect(sameValue(a, b)).toBe(false);
    expect(sameValue(b, a)).toBe(false);
  });
});

it('the tagged form of what is nested too deep ends somewhere, so that JSON can carry it', () => {
  const deep: unknown = JSON.parse(`${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}`);
  expect(JSON.stringify(toTagged(deep))).toContain('{"$opaque":"nested too deep"}');
});

it('plain objects are no lists, bytes or instances', () => {
  for (const value of [{}, Object.create(null)]) expect(isPlainObject(value)).toBe(true);
  for (const value of [null, undefined, [], new Uint8Array(), new Date(), 'x', 1, () => 1]) expect(isPlainObject(value)).toBe(false);
});

function hasTag(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasTag);
  return isPlainObject(value) && Object.entries(value).some(([key, item]) => key.startsWith('$') || hasTag(item));
}
