import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finderOf } from './find.ts';
import { formsOf } from './forms.ts';

const formOf = (text: string) => ({ text, hide: () => '', of: { bytes: Buffer.from(text), fill: '' } });
const found = (secret: string, text: string, cut = false): string[] =>
  finderOf([formOf(secret)])(text, cut).map(({ start, end }) => `${start}-${end}`);

test('a long secret that repeats itself is found whole, and in pieces of half of it', () => {
  const secret = `${'ab'.repeat(1000)}!`;
  expect(found(secret, `${'x'.repeat(50)}${secret}${'y'.repeat(50)}`)).toEqual(['50-2051']);
  expect(found(secret, `>${secret.slice(0, 1200)}<`)).toEqual(['1-1201']);
  expect(found(secret, `>${secret.slice(0, 800)}<`)).toEqual([]);
});

test('of a text that is nearly the secret over and over all that is left counts as found, once telling apart takes too long', () => {
  const secret = 'x'.repeat(16_384);
  const text = `before ${`${secret.slice(1)}y`.repeat(40)} behind`;
  const hits = finderOf([formOf(secret)])(text);
  expect(hits.length).toBeLessThan(40);
  expect(hits[0]).toMatchObject({ start: 7, whole: false });
  expect(hits.at(-1)).toMatchObject({ end: text.length, whole: false });
  for (const [i, { start }] of hits.entries()) expect(start).toBeGreaterThanOrEqual(hits[i - 1]?.end ?? 0);
});

test('of a text that was cut, any part of a long secret at its edges is found', () => {
  const secret = Array.from({ length: 400 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
  expect(found(secret, `before ${secret.slice(0, 100)}`, true)).toEqual(['7-107']);
  expect(found(secret, `${secret.slice(-100)} behind`, true)).toEqual(['0-100']);
  expect(found(secret, `before ${secret.slice(0, 100)}`)).toEqual([]);
});

test('bytes are known by their digits with what may stand between, and as lists', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const forms = formsOf({ bytes, fill: '' }, 'byte').map(({ text }) => text);
      const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
      for (const between of ['', ' ', ':']) expect(forms).toContain(pairs.join(between));
      expect(forms).toContain(`%${pairs.join('%')}`.toUpperCase());
      expect(forms).toContain(pairs.map((pair) => `\\x${pair}`).join(''));
      expect(forms).toContain(Array.from(bytes).join(', '));
    }),
  );
});
