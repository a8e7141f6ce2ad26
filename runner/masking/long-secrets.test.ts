import { expect, test } from 'vitest';
import { seededRandom } from '../worlds/random.ts';
import { createSecrets } from './secrets.ts';

const random = seededRandom(7);
const drawn = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Pieces of a secret that still stand in what is kept, wherever in it they are from. */
function told(kept: Uint8Array, form: Uint8Array): number {
  const [haystack, needle] = [Buffer.from(kept), Buffer.from(form)];
  let found = 0;
  for (let at = 0; at + 32 <= needle.length; at += 1009) if (haystack.includes(needle.subarray(at, at + 32))) found += 1;
  return found;
}

test.each([
  ['as it is', drawn(40_000), (secret: Uint8Array) => secret],
  [
    'in JSON',
    Buffer.from(`"\\\n${asText(drawn(30_000))}é`),
    (secret: Uint8Array) => Buffer.from(JSON.stringify(Buffer.from(secret).toString())),
  ],
  ['in base64', drawn(40_000), (secret: Uint8Array) => Buffer.from(`{"$bytes":"${asText(secret)}"}`)],
])('a secret of many bytes that stands in a frame %s is hidden to its end', (_way, secret, write) => {
  const frame = Buffer.concat([Buffer.from('before'), write(secret), Buffer.from('after')]);
  expect(told(frame, write(secret)), 'the leak is one').toBeGreaterThan(10);
  const kept = createSecrets().masker.keptBytes(frame, [secret]);
  expect(told(kept, write(secret))).toBe(0);
  expect(kept).toHaveLength(frame.length);
  expect(Buffer.from(kept).toString('latin1')).toMatch(/^before.*after$/s);
});

test('one of eight megabytes that repeats itself, too, without all the forms that it could have', () => {
  const secret = new Uint8Array(8_000_000).map((_, i) => (i % 4 === 0 ? 0xfe : 0));
  const kept = createSecrets().masker.keptBytes(Buffer.concat([Buffer.from('before'), secret]), [secret]);
  expect(kept).toHaveLength(8_000_006);
  expect(Buffer.from(kept).includes(0xfe)).toBe(false);
});

test('one that is a view of the bytes is hidden at its place, whatever else is alike', () => {
  const frame = drawn(100_000);
  const secret = frame.subarray(30_000, 60_000);
  const kept = createSecrets().masker.keptBytes(frame, [frame.subarray(0, 20_000), secret]);
  expect(told(kept, secret)).toBe(0);
  expect(Buffer.from(kept.subarray(20_000, 30_000)).equals(frame.subarray(20_000, 30_000))).toBe(true);
  expect(Buffer.from(kept.subarray(60_000)).equals(frame.subarray(60_000))).toBe(true);
});

test('more of them than can be looked for leave nothing of a frame', () => {
  const secrets = Array.from({ length: 65 }, () => drawn(20_000));
  const kept = createSecrets().masker.keptBytes(Buffer.concat(secrets), secrets);
  expect(new Set(kept)).toEqual(new Set(Buffer.from('x')));
});

test('of views that lie over one another nothing is left out', () => {
  const frame = drawn(1000);
  const kept = createSecrets().masker.keptBytes(frame, [frame.subarray(100, 300), frame.subarray(200, 500)]);
  expect(new Set(Buffer.from(kept.subarray(100, 500)).toString())).toEqual(new Set('x12'));
  expect(Buffer.from(kept.subarray(500)).equals(frame.subarray(500))).toBe(true);
});
