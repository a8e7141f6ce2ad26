import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest, suggestion } from './suggest.ts';

describe('guessing what was meant', () => {
  test('counts the edits between two words', () => {
    expect(distance('invok', 'invoke')).toBe(1);
    expect(distance('recieve', 'receive')).toBe(1);
    expect(distance('', 'abc')).toBe(3);
  });

  test('distance is 0 for equal words only, and the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  test('puts the nearest first and leaves the far out', () => {
    expect(nearest('sened', ['end', 'send', 'disconnect'])).toEqual(['send', 'end']);
    expect(nearest('xyz', ['send', 'disconnect'])).toEqual([]);
  });

  test('lists what there is where nothing is near', () => {
    expect(suggestion('xyz', ['send', 'end'], 'steps')).toBe('steps: send, end');
    expect(suggestion('xyz', [], 'calls')).toBe('there are no calls');
  });
});
