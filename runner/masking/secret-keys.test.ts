import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latin1 } from '../../protocols/common/latin1.ts';
import { STRETCH, secretsInBytes, TELLING, tells } from './secret-keys.ts';

const WORDS = ['token', 'Secret', 'PASSWORD', 'passphrase', 'authorization', 'credential', 'Cookie', 'api-key', 'apiKey', 'private_key'];

test('what bytes tell is what their text tells, wherever in them a word stands', () => {
  const near = fc.integer({ min: -20, max: 20 }).chain((by) => fc.constantFrom(STRETCH + by, 2 * STRETCH + by));
  fc.assert(
    fc.property(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 13 }), fc.oneof(near, fc.nat(100)), (word, most, at) => {
      const bytes = new Uint8Array(3 * STRETCH).fill(0x78);
      bytes.set(Buffer.from(word.slice(0, most)), at);
      expect(tells(bytes)).toBe(TELLING.test(latin1(bytes)));
    }),
  );
});

test('of bytes that tell nothing, however long, no text is made as a whole', () => {
  const long = new Uint8Array(8 * STRETCH).fill(0x78);
  const made: number[] = [];
  const counted = new Proxy(long, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key !== 'subarray') return typeof value === 'function' ? value.bind(target) : value;
      return (from: number, to: number) => {
        made.push(Math.min(to, target.length) - from);
        return target.subarray(from, to);
      };
    },
  });
  expect([...secretsInBytes(counted, {})]).toEqual([]);
  expect(Math.max(...made)).toBeLessThan(2 * STRETCH);
  expect(made).toHaveLength(8);
});
