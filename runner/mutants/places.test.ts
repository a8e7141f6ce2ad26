import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherwiseIn } from './places.ts';

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
      }),
    );
  });

  it('holds the place, wherever of several equal ones it was', () => {
    fc.assert(
      fc.property(text, text, text, (before, behind, added) => {
        const { from, to } = otherwiseIn(before + behind, before + added + behind);
        expect(from).toBeLessThanOrEqual(before.length);
        expect(to).toBeGreaterThanOrEqual(before.length);
        const removed = otherwiseIn(before + added + behind, before + behind);
        expect(removed.from).toBeLessThanOrEqual(before.length);
        expect(removed.to).toBeGreaterThanOrEqual(before.length + added.length);
      }),
    );
  });

  it('is as short as it can be', () => {
    expect(otherwiseIn('one two three', 'one 2 three')).toEqual({ from: 4, to: 7 });
    expect(otherwiseIn('one more', 'one and more')).toEqual({ from: 3, to: 4 });
  });
});
