import { expect, test } from 'vitest';
import { knownAmong } from './known.ts';

const known = knownAmong([{ fingerprint: 'expectation/BROOK-RECON-19/receive/timeout' }, {}], ['BROOK-ALL-01']);

test.each([
  ['what the list has', 'expectation/BROOK-RECON-19/receive/timeout', true],
  ['what the model finds, of the same judge, kind and field', 'expectation/BROOK-ALL-01/receive/timeout', true],
  ['another kind', 'expectation/BROOK-ALL-01/end/timeout', false],
  ['another field', 'expectation/BROOK-ALL-01/receive/ok', false],
  ['another judge', 'trace/BROOK-ALL-01/receive/timeout', false],
  ['another rule', 'expectation/BROOK-RECON-20/receive/timeout', false],
])('%s', (_, fingerprint, expected) => expect(known(fingerprint)).toBe(expected));

test('what lies below a fingerprint that ends with two stars is on the list, and of no other rule', () => {
  const below = knownAmong([{ fingerprint: 'invariant/BROOK-SEQ-01/**' }], ['BROOK-ALL-01']);
  expect(below('invariant/BROOK-SEQ-01/brook-sequence/data')).toBe(true);
  expect(below('invariant/BROOK-SEQ-02/brook-sequence/data')).toBe(false);
  expect(below('invariant/BROOK-ALL-01/brook-sequence/data')).toBe(false);
});
