import { expect, test } from 'vitest';
import { create } from 'xmlbuilder2';
import type { CaseRun, Checkpoint, Finding, Rule } from '../runner/results/result.ts';
import { badgeOf, badgeSvg } from './badge.ts';
import { aCaseRun, someResults } from './testing/results.ts';

const rule = (changes: Partial<Rule> = {}): Rule => ({ level: 'MUST', role: 'client', source: 'RPC', text: 'A rule.', ...changes });

/** Four MUSTs of a client, and what does not count. */
const RULES: Record<string, Rule> = {
  A: rule(),
  B: rule({ role: 'both' }),
  C: rule({ level: 'MUST-NOT' }),
  D: rule(),
  SHOULD: rule({ level: 'SHOULD' }),
  UNSEEN: rule({ unobservable: 'only in memory' }),
  SERVER: rule({ role: 'server' }),
};

const held = (...requirements: string[]): Checkpoint => ({
  id: `step:${requirements.join()}`,
  judge: 'expectation',
  requirements,
  outcome: 'held',
});
const broken = (requirement: string, changes: Partial<Finding> = {}): Finding => ({
  judge: 'expectation',
  checkpoint: 'step:0',
  requirement,
  level: 'MUST',
  message: 'no',
  events: [],
  fingerprint: 'f',
  ...changes,
});
const keeps = (...ids: string[]): CaseRun => aCaseRun({ checkpoints: [held(...ids)] });
const breaks = (id: string, changes: Partial<CaseRun> = {}, finding: Partial<Finding> = {}): CaseRun =>
  aCaseRun({ id: `river/rpc/${id}@client+json`, verdict: 'fail', expected: 'new-failure', findings: [broken(id, finding)], ...changes });

function badge(runs: CaseRun[], rules = RULES) {
  const glossary = { title: 'River v2.0', requirements: rules, variations: {}, cases: {}, files: {} };
  return badgeOf('client', { ...someResults(runs), glossary });
}

test('all of it is 100 % and green', () => {
  expect(badge([keeps('A', 'B', 'C', 'D')])).toEqual({
    schemaVersion: 1,
    label: 'River v2.0 client',
    message: '100 % of 4 MUST',
    color: 'brightgreen',
  });
});

test.each<[string, CaseRun[], string, string]>([
  [
    'a MUST that one of many case-runs breaks is broken',
    [...Array.from({ length: 50 }, () => keeps('A', 'B', 'C', 'D')), breaks('A')],
    '75 % of 4 MUST',
    'red',
  ],
  [
    'a known failure counts like any',
    [keeps('A', 'B', 'C', 'D'), breaks('A', { expected: 'known-failure', knownReason: 'bug 7' })],
    '75 % of 4 MUST',
    'red',
  ],
  [
    'a measured flake counts as broken',
    [keeps('A', 'B', 'C', 'D'), breaks('A', { flaky: { rate: 0.1, runs: 100 } })],
    '75 % of 4 MUST',
    'red',
  ],
  [
    'what only some repetitions break is broken',
    [keeps('B', 'C', 'D'), breaks('A'), { ...keeps('A'), id: 'river/rpc/A@client+json#2' }],
    '75 % of 4 MUST',
    'red',
  ],
  [
    'a failure that names no rule breaks all that its case is about',
    [
      keeps('A', 'B', 'C', 'D'),
      aCaseRun({
        id: 'x@client+json',
        verdict: 'fail',
        requirements: ['A', 'B'],
        findings: [{ judge: 'adapter', checkpoint: 'adapter', level: 'MUST', message: 'refused', events: [], fingerprint: 'f' }],
      }),
    ],
    '50 % of 4 MUST',
    'red',
  ],
  [
    'what was skipped is said, and is not green',
    [keeps('A', 'B', 'C'), aCaseRun({ verdict: 'skip', skipReason: 'no such feature', requirements: ['D'] })],
    '100 % of 3 MUST, 1 not tested',
    'yellowgreen',
  ],
  ['what nobody looked at is said: a selection cannot flatter', [keeps('A')], '100 % of 1 MUST, 3 not tested', 'yellowgreen'],
  [
    'a case-run that ends in an error says nothing of its rules, and is said',
    [keeps('A', 'B', 'C'), { ...keeps('D'), verdict: 'error' }],
    '100 % of 3 MUST, 1 not tested, 1 error',
    'yellowgreen',
  ],
  [
    'a case-run that is unclear says nothing',
    [keeps('A', 'B', 'C'), { ...keeps('D'), verdict: 'unclear' }],
    '100 % of 3 MUST, 1 not tested',
    'yellowgreen',
  ],
  [
    'a question is neither kept nor broken, and said',
    [keeps('A', 'B', 'C', 'D'), breaks('D', { verdict: 'question' }, { question: { spec: 'a', official: 'b', demanded: 'spec' } })],
    '100 % of 3 MUST, 1 question',
    'brightgreen',
  ],
  [
    'a SHOULD does not count',
    [keeps('A', 'B', 'C', 'D'), breaks('SHOULD', { verdict: 'warn' }, { level: 'SHOULD' })],
    '100 % of 4 MUST',
    'brightgreen',
  ],
  [
    'a SHOULD that costs data counts as a MUST',
    [keeps('A', 'B', 'C', 'D'), breaks('SHOULD', {}, { level: 'MUST', harm: 'missing' })],
    '80 % of 5 MUST',
    'red',
  ],
  ['nothing tested is no percentage', [aCaseRun({ verdict: 'skip' })], 'not tested', 'lightgrey'],
])('%s', (_what, runs, message, color) => {
  expect(badge(runs)).toMatchObject({ message, color });
});

test('per cent are rounded down: one of a thousand is not 100', () => {
  const rules = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`R${i}`, rule()]));
  expect(badge([keeps(...Object.keys(rules)), breaks('R7')], rules)).toMatchObject({ message: '99 % of 1000 MUST', color: 'orange' });
});

test('the picture says the same, and texts of others stay text in it', () => {
  const hostile = { ...badge([keeps('A')]), label: '<script>alert(1)</script>&"' };
  const svg = badgeSvg(hostile);
  expect(svg).not.toContain('<script');
  const text = JSON.stringify(create(svg).toObject());
  expect(text).toContain('100 % of 1 MUST, 3 not tested');
});
