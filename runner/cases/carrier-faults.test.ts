import { describe, expect, test } from 'vitest';
import { tcp } from '../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import type { CaseLanguage } from './language.ts';
import { caseParser } from './parse.ts';
import { formatProblem } from './problem.ts';
import { toyCase, toyCatalogue, toyLanguage } from './testing/toy.ts';

const language: CaseLanguage = {
  ...toyLanguage,
  bindings: [
    { name: 'web', carrier: webSocket },
    { name: 'stream', carrier: tcp },
  ],
};

/** What is wrong with a case that strikes with this fault; empty where nothing is. */
function problemsWith(fault: string, head = ''): string[] {
  const text = `${head}${toyCase(`  - invoke: { as: a, procedure: toys.add, value: {} }\n  - fault: ${fault}\n  - end: a\n`)}`;
  const outcome = caseParser(language, toyCatalogue)('toy/a.yaml', 'toy/a', text);
  return outcome.ok ? [] : outcome.problems.map((problem) => formatProblem(problem));
}

describe('a fault that a carrier of the case cannot do', () => {
  test.each([
    ['{ close: { code: 1000 } }', 'close', 'tcp'],
    ['{ refuse: { how: http } }', 'refuse.http', 'tcp'],
    ['{ inject: { toward: client, text: hi } }', 'inject.text', 'tcp'],
    ['{ split: { frame: { from: client }, at: 2 } }', 'split.at', 'websocket'],
  ])('is refused with its place and what there is: %s', (fault, word, carrier) => {
    const [problem, ...others] = problemsWith(fault);
    expect(others).toEqual([]);
    expect(problem).toMatch(/^toy\/a\.yaml:\d+:\d+: /);
    expect(problem).toContain(`\`${word}\` is nothing that ${carrier} can do`);
    expect(problem).toContain(`say \`bindings: [${carrier === 'tcp' ? 'web' : 'stream'}]\``);
    expect(problem).toMatch(/can do cut, .*inject/);
  });

  test('is none where the case is run on what can', () => {
    expect(problemsWith('{ close: { code: 1000 } }', 'bindings: [web]\n')).toEqual([]);
    expect(problemsWith('{ split: { frame: { from: client }, at: -1 } }', 'bindings: [stream]\n')).toEqual([]);
    expect(problemsWith('{ close: { code: 1000 } }', 'bindings: [stream]\n')).toEqual([expect.stringContaining('it can do cut')]);
  });
});

test.each([
  'cut',
  'stall',
  'refuse',
  'restore',
  'resume',
  'release',
  '{ cut: { at: inside, frame: { from: client } } }',
  '{ inject: { toward: client, hex: "00" } }',
])('what every carrier can do passes: %s', (fault) => {
  expect(problemsWith(fault)).toEqual([]);
});
