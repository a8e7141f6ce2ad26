import { expect, test } from 'vitest';
import { maskedCaseText } from './case-text.ts';
import { createSecrets } from './secrets.ts';

const masked = (text: string, ...known: string[]): string => {
  const secrets = createSecrets();
  secrets.learn(known);
  return maskedCaseText(text, secrets.maskerOf(known));
};

test('values under keys that name secrets are masked, whatever their form, and nothing else changes', () => {
  const text = `title: A token # of gold
steps:
  - connect: { metadata: [{ token: "first secret", pin: 1234567, n: 5, 'b': { $bytes: AAEC } }, any] }
  - peer: { handshake: { metadata: { token: { $match: '^v' }, deep: [a] } } }
note: |
  It is first secret.
`;
  expect(masked(text, 'first secret')).toBe(
    `title: A token # of gold
steps:
  - connect: { metadata: [{ token: xxxxxxxxxxx1, pin: 1111112, n: 5, 'b': { $bytes: "eHgz" } }, any] }
  - peer: { handshake: { metadata: { token: { $match: '^v' }, deep: [4] } } }
note: |
  It is xxxxxxxxxxx1.
`.replace('[4]', '["4"]'),
  );
});

test('what stands for a value of an axis stays, since the value is masked where it is written', () => {
  const text = `axes: { what: { a: { lead: { metadata: valid-token } } } }
steps:
  - start: { metadata: '\${what.lead}' }
  - start: { metadata: '\${what.lead} and more' }
`;
  expect(masked(text)).toBe(text.replace('valid-token', 'xxxxxxxxxx2').replace(`'\${what.lead} and more'`, `${'x'.repeat(20)}1`));
});

test('names of axes and of their values stay, what they stand for is masked', () => {
  const text = `aliases:
  river/old: { metadata: missing, token: text }
axes:
  metadata: { missing: {}, text: { metadata: valid-token } }
  token: [text, number]
steps:
  - peer: { handshake: '\${metadata}' }
`;
  expect(masked(text)).toBe(text.replace('valid-token', 'xxxxxxxxxx1'));
});

test('what is no YAML is masked too', () => {
  expect(masked('{"token": "first-secret', 'first-secret')).toMatch(/^\{"token": "?x{10,12}\d/);
});
