import { describe, expect, test } from 'vitest';
import { leaks } from '../cli/testing/leaks.mjs';
import { createSecrets } from './secrets.ts';
import { secretsTold } from './testing/search.ts';

const SECRETS = [
  's3cr3t/tök+en~&0123456789',
  'hunter2hunter2',
  'a<b>"c"\\d\u0007efg',
  '🔑-of-the-house-🔑',
  'correct horse battery staple',
];

const knowing = (...secrets: (string | Uint8Array)[]) => {
  const known = createSecrets();
  known.learn(secrets);
  return known.maskerOf(secrets);
};

describe('no form of a secret is told', () => {
  const ways = leaks.flatMap(({ way, write }) => SECRETS.map((secret) => ({ way, secret, told: [write(secret)].flat() })));

  test.each(ways)('$way: $secret', ({ secret, told }) => {
    const text = `before ${told.join('\n')} after`;
    expect(secretsTold(text, [secret]), 'the leak is one').not.toEqual([]);
    const words = knowing(secret).words(text);
    expect(secretsTold(words, [secret])).toEqual([]);
    expect(words).toMatch(/^before .* after$/s);
  });

  test.each(ways)('nor kept in bytes, which stay as long as they were: $way: $secret', ({ secret, told }) => {
    const bytes = new TextEncoder().encode(told.join('\n'));
    const kept = knowing(secret).keptBytes(bytes);
    expect(secretsTold(Buffer.from(kept).toString(), [secret])).toEqual([]);
    expect(kept).toHaveLength(bytes.length);
  });

  test('of bytes either', () => {
    const secret = new Uint8Array([0, 255, 7, 128, 64, 200, 3, 9]);
    const masker = knowing(secret);
    expect(masker.words(`it is ${Buffer.from(secret).toString('hex')} or ${Buffer.from(secret).toString('base64')}`)).toBe(
      'it is <redacted> or <redacted>=',
    );
    expect(masker.keptBytes(new Uint8Array([1, ...secret, 2]))).toEqual(new Uint8Array([1, ...Buffer.from('xxxxxxx1'), 2]));
  });
});

describe('what gives itself away is masked without being known', () => {
  test.each([
    ['ws://ann:geheim@host/x', 'ws://redacted@host/x'],
    ['connect to http://token@h and https://a%40b:p%20w@h:1/?a@b', 'connect to http://redacted@h and https://redacted@h:1/?a@b'],
    ['?access_token=abcdef12&b=1', '?access_token=<redacted>&b=1'],
    ['Authorization: Bearer abc.def.ghi', 'Authorization: Bearer <redacted>'],
    ['{"password":"abcdefgh"}', '{"password":"<redacted>"}'],
    ['X-Tenant: acme-corp, x_tenant=other-one', 'X-Tenant: <redacted>, x_tenant=<redacted>'],
  ])('%s', (text, told) => {
    expect(createSecrets({ keys: ['x-tenant'] }).masker.words(text)).toBe(told);
  });

  test('a password of a URL is one wherever it comes again', () => {
    const { masker } = createSecrets();
    masker.words('ws://ann:open%20sesame@host');
    expect(masker.words('it said "open sesame"')).toBe('it said "<redacted>"');
  });
});

describe('what is no secret stays', () => {
  test.each([
    'the token: expected a string, got 5',
    'metadata.token is missing',
    'river/handshake/token-refused@client+json',
    'mail to ann@example.org, or see http://example.org/@ann',
    'npx weir run --seed 5 --implementation a/b@1.0',
  ])('%s', (text) => {
    expect(knowing(...SECRETS).words(text)).toBe(text);
  });

  test.each(['failed beside others', 'heard beside them'])('words that a secret has too, where they stand in others: %s', (text) => {
    expect(knowing('said beside it').words(text)).toBe(text);
  });

  test('what a published case trusts its ends with is masked nowhere, whoever learned it first', () => {
    const secrets = createSecrets();
    secrets.learn(['valid-1', 'mine-1-2']);
    secrets.learn(['refused', 'valid-1', '123456', new Uint8Array([1, 2, 3, 4, 5, 6, 7])], true);
    const masker = secrets.maskerOf(['refused', 'valid-1']);
    expect(masker.words('invoke was refused: no valid-1, mine-1-2')).toBe('invoke was refused: no valid-1, <redacted>');
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7]);
    const value = { metadata: { token: 'refused', pin: 123456, bytes } };
    expect(masker.kept(value)).toBe(value);
    expect(masker.shown(value, [])).toEqual(value);
    expect(masker.keptBytes(bytes, [bytes, 'valid-1'])).toBe(bytes);
    expect(masker.count).toBe(0);
    expect(masker.kept({ metadata: { token: 'valid-2' } })).toEqual({ metadata: { token: 'xxxxxx3' } });
  });
});

describe('what is kept can be judged again', () => {
  test('equal secrets are equal masks, others are others, in values, keys and bytes alike', () => {
    const masker = knowing('first-secret', 'other-secret');
    const kept = masker.kept({
      metadata: ['first-secret', 'other-secret', 'first-secret', 'ab'],
      'first-secret': 1,
      said: 'not other-secret',
    });
    expect(kept).toEqual({ metadata: ['xxxxxxxxxxx1', 'xxxxxxxxxxx2', 'xxxxxxxxxxx1', 'x3'], xxxxxxxxxxx1: 1, said: 'not xxxxxxxxxxx2' });
    expect(Buffer.from(masker.keptBytes(Buffer.from('"first-secret"'))).toString()).toBe('"xxxxxxxxxxx1"');
  });

  test('numbers stay numbers, bytes bytes, and what has no secret is the same object', () => {
    const masker = knowing();
    expect(masker.kept({ password: [12345678, 5, 2n ** 70n, new Uint8Array(3), null] })).toEqual({
      password: [11111111, 5, 1111111111111111111112n, new Uint8Array(Buffer.from('xx3')), null],
    });
    const value = { metadata: 5, deep: [{ list: ['a'] }] };
    expect(masker.kept(value)).toBe(value);
  });

  test('hostile values neither exhaust the stack nor get at prototypes', () => {
    const masker = knowing('first-secret');
    const hostile: unknown = JSON.parse('{"__proto__":{"secret":"abcdef"}}');
    expect(JSON.stringify(masker.kept(hostile))).toBe('{"__proto__":{"secret":"xxxxx2"}}');
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}`);
    expect(masker.kept(deep)).toBe(deep);
    expect(JSON.stringify(masker.shown(deep, [])).length).toBeLessThan(2000);
  });
});

test('--show-secrets masks nothing', () => {
  const secrets = createSecrets({ show: true });
  secrets.learn(['first-secret']);
  const masker = secrets.maskerOf(['first-secret']);
  expect(masker.words('first-secret')).toBe('first-secret');
  expect(masker.kept({ token: 'first-secret' })).toEqual({ token: 'first-secret' });
});

test('a secret of one letter a thousand times is searched in passing', () => {
  const masker = knowing('a'.repeat(20_000));
  expect(masker.words(`aaaaaaa ${'a'.repeat(60_000)}b`)).toBe('aaaaaaa <redacted>b');
});

describe('what repeats itself for millions of units is searched in passing, and nothing in it or around it is missed', () => {
  const many = (from: number): string => Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + from + i)).join('');

  test.each([
    ['one unit', 'a'],
    ['two', 'ab'],
    ['many', 'a,b;c:d'],
  ])('%s', (_how, part) => {
    const secret = many(0) + part.repeat(Math.floor(500 / part.length)) + many(1000);
    const long = part.repeat(1_500_000);
    const words = knowing(secret, 'other-secret').words(`${secret}${long}other-secret${long}${secret}`);
    expect(words.split('<redacted>').map((piece) => piece.length)).toEqual([0, long.length, long.length, 0]);
  });

  test('a secret that is nothing else, too', () => {
    expect(knowing('a'.repeat(16_000)).words(`b${'a'.repeat(16_000_000)}c`)).toBe('b<redacted>c');
  });
});
