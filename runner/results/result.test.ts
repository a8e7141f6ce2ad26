import { expect, test } from 'vitest';
import { aFailure } from '../../reporters/testing/results.ts';
import { caseRun } from './result.ts';

test('results of when bindings were called codecs are read as if they were of today', () => {
  const { binding, findings, ...rest } = aFailure();
  const [finding] = findings;
  const before = { ...rest, codec: binding, findings: [{ ...finding, judge: 'codec' }] };
  expect(caseRun.parse(before)).toEqual({ ...rest, binding, findings: [{ ...finding, judge: 'binding' }] });
});
