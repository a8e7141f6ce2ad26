import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSource } from './source.ts';
import { yaml } from './write.ts';

test('whatever is written is read back the same', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('true', 'no', 'null', '~', '1', '1e3', '0x1', '', ' a', 'a ', 'a: b', '- a', '#', '\u2028', '\u0085', '\ufeff', '<<'),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 3, noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const read = readSource('x.yaml', `it: ${yaml(given)}\n`);
      expect(read.ok && (read.source.value as { it: unknown }).it).toEqual(given);
    }),
    { numRuns: 400 },
  );
});
