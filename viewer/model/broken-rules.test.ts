import { expect, test } from 'vitest';
import { brokenWords, gravestOf, weightOf } from './broken-rules.ts';

test('a MUST is told apart from what only advises and from what is disputed', () => {
  expect(brokenWords(['must'])).toBe('1 MUST is broken');
  expect(brokenWords(['must', 'must', 'advice'])).toBe('2 MUSTs are broken, and 1 rule that only advises (SHOULD, IMPL)');
  expect(brokenWords(['advice', 'advice', 'question'])).toBe(
    'No MUST is broken, but 2 rules that only advise (SHOULD, IMPL) and 1 disputed rule',
  );
  expect(brokenWords([])).toBe('No MUST is broken');
});

test('a finding weighs what its verdict does: harm binds whatever the level, and a disputed rule is a question', () => {
  expect(weightOf({ level: 'MUST-NOT' })).toBe('must');
  expect(weightOf({ level: 'SHOULD' })).toBe('advice');
  expect(weightOf({ level: 'IMPL', harm: 'missing' })).toBe('must');
  expect(weightOf({ level: 'MUST', question: { spec: '', official: '', demanded: 'spec' } })).toBe('question');
  expect(gravestOf('MUST', [{ level: 'MUST', question: true }])).toBe('question');
  expect(gravestOf('SHOULD', [{ level: 'SHOULD' }, { level: 'SHOULD', harm: 'changed' }])).toBe('must');
  expect(gravestOf('IMPL', [])).toBe('advice');
});
