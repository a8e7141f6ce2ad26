import { expect, test } from 'vitest';
import type { TraceRecordRead } from '../../runner/bundles/records.ts';
import type { Sources } from '../page.ts';
import type { Evidence } from './evidence.ts';
import { maskedSays } from './masked.ts';

const sources = (...masked: string[]): Sources => ({
  cases: { 'a/b': { file: 'b.yaml', steps: [] } },
  files: { 'b.yaml': 'title: B' },
  masked,
});
const evidence = (masked: number, secrets?: number): Evidence => ({
  observed: {
    records: Array.from(
      { length: 3 },
      (_, n) => ({ n, t: 0, type: 'sent', ...(n < masked ? { masked: true } : {}) }) as unknown as TraceRecordRead,
    ),
    timeScale: 1,
    closing: 9,
  },
  golden: undefined,
  goldenMissing: undefined,
  alignment: undefined,
  ...(secrets === undefined ? {} : { secrets }),
});

test.each([
  ['the case file alone', sources('b.yaml'), undefined, 'Masked: secrets in the case file.'],
  ['frames alone', sources(), evidence(1), 'Masked: secrets in 1 frame.'],
  ['both, and how many', sources('b.yaml'), evidence(2, 1), 'Masked: 1 secret in the case file and 2 frames.'],
  ['a bundle that says so', undefined, evidence(0, 4), 'Masked: 4 secrets.'],
] as const)('what is masked is said: %s', (_what, files, found, says) => {
  const told = maskedSays({ case: 'a/b' }, files, found);
  expect(told?.startsWith(says), told).toBe(true);
  expect(told).toContain('--show-secrets');
});

test.each([
  ['no file', undefined, undefined],
  ['another file', sources('c.yaml'), evidence(0)],
] as const)('where nothing is masked, nothing is said: %s', (_what, files, found) => {
  expect(maskedSays({ case: 'a/b' }, files, found)).toBeUndefined();
});
