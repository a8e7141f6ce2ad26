import { describe, expect, test } from 'vitest';
import type { LoadedCase } from './case.ts';
import { caseParser } from './parse.ts';
import { formatProblem, type Problem } from './problem.ts';
import { toyCase, toyCatalogue, toyLanguage } from './testing/toy.ts';

const parse = caseParser(toyLanguage, toyCatalogue);

function accepted(text: string): LoadedCase {
  const outcome = parse('toy/a.yaml', 'toy/a', text);
  if (!outcome.ok) throw new Error(outcome.problems.map(formatProblem).join('\n'));
  return outcome.case;
}

function problems(text: string): readonly Problem[] {
  const outcome = parse('toy/a.yaml', 'toy/a', text);
  return outcome.ok ? [] : outcome.problems;
}

const ADD = '  - invoke: { as: sum, procedure: toys.add }\n';
const END = '  - end: sum\n';

describe('a case that is right', () => {
  test('gives its head with the defaults filled in', () => {
    const loaded = accepted(toyCase(ADD + END));
    expect(loaded).toMatchObject({
      id: 'toy/a',
      roles: ['client', 'server'],
      tags: [],
      needs: [],
      trace: 'equivalent',
      bindings: undefined,
    });
    expect(loaded.server).toEqual({ serverId: undefined, timers: {}, options: {} });
  });

  test('may say codecs where it means bindings', () => {
    expect(accepted(toyCase(ADD + END, { codecs: '[packed]' })).bindings).toEqual(['packed']);
  });

  test('gives steps with index, place, text and action', () => {
    const [invoke, end] = accepted(toyCase(ADD + END)).steps;
    expect(invoke?.action).toEqual({
      kind: 'invoke',
      call: 'sum',
      at: 'main',
      procedure: 'toys.add',
      procedureKind: 'rpc',
      value: {},
    });
    expect(end).toMatchObject({ index: 1, line: 6, column: 5, text: 'end: sum' });
    expect(end?.action).toEqual({ kind: 'end', call: 'sum', error: undefined, within: 4000 });
  });

  test('unrolls repeats and fills the counter in, as a number where it stands alone', () => {
    const steps = `  - repeat:
      times: 3
      steps:
        - invoke: { as: 'add\${i}', procedure: toys.add, init: { n: '\${i}', name: 'no. \${i}' } }
        - end: 'add\${i}'
`;
    const loaded = accepted(toyCase(steps));
    expect(loaded.steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(loaded.steps[4]?.action).toMatchObject({ call: 'add2', value: { n: 2, name: 'no. 2' } });
    expect(loaded.steps[4]?.line).toBe(8);
  });

  test('makes long texts out of short ones', () => {
    const loaded = accepted(toyCase(`  - invoke: { as: sum, procedure: toys.add, init: { $repeat: { text: ab, times: 3 } } }\n${END}`));
    expect(loaded.steps[0]?.action).toMatchObject({ value: 'ababab' });
    const init = '{ $join: [x, { $repeat: { text: ab, times: 2 } }, y] }';
    const joined = accepted(toyCase(`  - invoke: { as: sum, procedure: toys.add, init: ${init} }\n${END}`));
    expect(joined.steps[0]?.action).toMatchObject({ value: 'xababy' });
  });

  test('takes a connect step that sets nothing for a client that exists', () => {
    const loaded = accepted(toyCase(`  - connect: { eager: false }\n  - connect: {}\n${ADD}${END}`));
    expect(loaded.steps[1]?.action).toMatchObject({ kind: 'connect', client: 'main', eager: true });
  });

  test('makes long texts in `expect` as in steps', () => {
    const expect_ = 'expect:\n  - wire: { payload: { $join: [x, { $repeat: { text: ab, times: 2 } }] } }\n';
    expect(accepted(toyCase(ADD + END + expect_)).expect[0]?.check).toMatchObject({ wire: { payload: 'xabab' } });
  });

  test('keeps tagged values tagged', () => {
    const loaded = accepted(toyCase(`  - invoke: { as: sum, procedure: toys.add, init: { $bigint: '5' } }\n${END}`));
    expect(loaded.steps[0]?.action).toMatchObject({ value: { $bigint: '5' } });
  });
});

/** [what, steps, head, message, hint, line, column] */
const WRONG: readonly [string, string, Readonly<Record<string, string>>, RegExp, RegExp | undefined, number, number][] = [
  ['an unknown step', '  - invok: { as: a }\n', {}, /unknown step `invok`/, /did you mean `invoke`/, 5, 5],
  ['an unknown key of a step', '  - invoke: { as: a, procedur: toys.add }\n', {}, /unknown key `procedur`/, /`procedure`/, 5, 22],
  [
    'a toxic that there is not',
    '  - toxic: { add: { type: lattency } }\n',
    {},
    /`type` cannot be `lattency`/,
    /did you mean `latency`/,
    5,
    27,
  ],
  [
    'an attribute of another toxic',
    '  - toxic: { add: { type: slow_close, attributes: { latency: 5 } } }\n',
    {},
    /unknown key `latency`/,
    /^keys: delay$/,
    5,
    53,
  ],
  [
    'bytes that are no base64',
    `  - invoke: { as: sum, procedure: toys.add, init: { $bytes: '***' } }\n${END}`,
    {},
    /\$bytes takes a base64 string/,
    undefined,
    5,
    61,
  ],
  [
    'a big integer that is none',
    `${ADD}  - send: { to: sum, request: [1, { n: { $bigint: x } }] }\n${END}`,
    {},
    /\$bigint takes a decimal string/,
    undefined,
    6,
    51,
  ],
  [
    'a big integer without quotes',
    `${ADD}  - send: { to: sum, request: { $bigint: 5 } }\n${END}`,
    {},
    /\$bigint takes/,
    /in quotes/,
    6,
    42,
  ],
  ['a number tag around a word', `${ADD}  - receive: { from: sum, ok: { $number: y } }\n`, {}, /\$number takes NaN/, undefined, 6, 42],
  [
    'a malformed tag in a peer step',
    '  - peer: { shout: { $number: 1 } }\n',
    { 'under-test': 'client' },
    /\$number takes/,
    /without a tag/,
    5,
    31,
  ],
  [
    'a malformed tag in a repeat',
    `  - repeat:\n      times: 2\n      steps:\n        - invoke: { as: 'a\${i}', procedure: toys.add, init: { $bigint: 'x\${i}' } }\n`,
    {},
    /\$bigint takes/,
    undefined,
    8,
    72,
  ],
  ['a malformed tag in expect', `${ADD}expect:\n  - wire: { payload: { $bytes: '*' } }\n`, {}, /\$bytes takes/, undefined, 7, 32],
  [
    'a malformed tag in the server’s options',
    ADD + END,
    { server: '{ options: { a: { $bytes: 5 } } }' },
    /\$bytes takes/,
    undefined,
    4,
    35,
  ],
  [
    'a text to match that is no regular expression',
    `${ADD}  - receive: { from: sum, ok: { $match: '(' } }\n`,
    {},
    /\$match takes a regular expression/,
    undefined,
    6,
    41,
  ],
  ['an unknown key of the head', ADD + END, { nees: '[wheels]' }, /unknown key `nees`/, /`needs`/, 4, 1],
  ['two keys in a step', `${ADD}  - end: sum\n    finish: sum\n`, {}, /exactly one key, this one has 2/, /step of its own/, 7, 5],
  ['an unknown requirement', ADD + END, { requirements: '[TOY-3]' }, /unknown requirement `TOY-3`/, /`TOY-03`/, 2, 16],
  [
    'a requirement that no case can test',
    ADD + END,
    { requirements: '[TOY-UNSEEN]' },
    /can test `TOY-UNSEEN`: It is done in the dark/,
    undefined,
    2,
    15,
  ],
  ['an unknown feature', ADD + END, { needs: '[weels]' }, /unknown feature `weels`/, /`wheels`/, 4, 9],
  ['an unknown binding', ADD + END, { bindings: '[plane]' }, /unknown binding `plane`/, /`plain`/, 4, 12],
  ['an unknown binding, as they were called', ADD + END, { codecs: '[plane]' }, /unknown binding `plane`/, /`plain`/, 4, 10],
  ['bindings said twice', ADD + END, { bindings: '[plain]', codecs: '[plain]' }, /another name of `bindings`/, /keep one/, 5, 1],
  ['an unknown timer', ADD + END, { server: '{ timers: { patience: 1 } }' }, /unknown timer `patience`/, /`patienceMs`/, 4, 21],
  ['an unknown procedure', `  - invoke: { as: sum, procedure: toys.ad }\n${END}`, {}, /no procedure `toys.ad`/, /`toys.add`/, 5, 35],
  ['an unknown call', `${ADD}  - send: { to: sun, request: 1 }\n${END}`, {}, /no call named `sun`/, /`sum`/, 6, 17],
  ['a call before its invoke', END + ADD, {}, /no call named `sum`/, /there are no/, 5, 10],
  ['a call named twice', ADD + ADD + END, {}, /`sum` exists already/, undefined, 6, 19],
  ['reading on after the end', `${ADD}${END}  - receive: { from: sum }\n`, {}, /has ended already/, undefined, 7, 22],
  [
    'an unknown client',
    `  - invoke: { as: a, on: mian, procedure: toys.add }\n  - end: a\n`,
    {},
    /no client named `mian`/,
    /`main`/,
    5,
    26,
  ],
  ['a client before its connect', `${ADD}${END}  - connect: {}\n`, {}, /no client named `main`/, /move its/, 5, 13],
  [
    'a client set up twice',
    `  - connect: {}\n  - connect: { eager: false }\n${ADD}${END}`,
    {},
    /`main` exists already/,
    /nothing but/,
    6,
    14,
  ],
  [
    'a peer step that one of the roles does not know',
    `${ADD}${END}  - peer: { mute: true }\n`,
    {},
    /unknown key `mute` \(with the server under test\)/,
    undefined,
    7,
    13,
  ],
  [
    'a peer step of the other role',
    `${ADD}${END}  - peer: { shout: a }\n`,
    { 'under-test': 'client' },
    /unknown key `shout`/,
    undefined,
    7,
    13,
  ],
  [
    'two commands in a peer step',
    `${ADD}${END}  - peer: { mute: true, whisper: { stream: a } }\n`,
    { 'under-test': 'client' },
    /exactly one/,
    undefined,
    7,
    11,
  ],
  ['after that is not before within', `${ADD}  - opened: { after: 9000 }\n`, {}, /must be less than/, /longer/, 6, 13],
  ['quiet about nothing', `${ADD}  - quiet: { for: 100 }\n`, {}, /may not happen/, /no-connection/, 6, 12],
  ['an empty pattern', `${ADD}  - await: { wire: {} }\n`, {}, /matches every frame/, undefined, 6, 20],
  ['an unknown stream in a pattern', `${ADD}  - await: { wire: { stream: sun } }\n`, {}, /is named `sun`/, /`sum`/, 6, 30],
  ['a case that checks nothing', ADD, {}, /checks nothing/, /receive/, 4, 1],
  ['a role that no requirement binds', ADD + END, { requirements: '[TOY-01]' }, /binds the server/, undefined, 2, 15],
  ['a requirement not of the case', `${ADD}  - end: { of: sum, requirement: TOY-01 }\n`, {}, /not among/, /add it/, 6, 34],
  ['a value of the wrong type', '  - end: 5\n', {}, /`end` cannot be a number/, /string/, 5, 10],
  ['an unknown fault', `${ADD}${END}  - fault: cutt\n`, {}, /`fault` cannot be `cutt`/, /`cut`/, 7, 12],
  ['two faults at once', `${ADD}${END}  - fault: { cut: {}, stall: {} }\n`, {}, /exactly one key/, undefined, 7, 12],
  ['a missing key', '  - invoke: { procedure: toys.add }\n', {}, /missing key `as`/, undefined, 5, 13],
  ['a wrong stream in expect', `${ADD}expect:\n  - wire: { stream: sun }\n`, {}, /is named `sun`/, undefined, 7, 21],
  [
    'two checks in one expectation',
    `${ADD}expect:\n  - wire: { from: client }\n    connections: 1\n`,
    {},
    /exactly one of/,
    undefined,
    7,
    5,
  ],
];

describe('a case that is wrong', () => {
  test.each(WRONG)('%s', (_what, steps, head, message, hint, line, column) => {
    const found = problems(toyCase(steps, head)).find((problem) => message.test(problem.message));
    expect(found).toMatchObject({ line, column });
    if (hint !== undefined) expect(found?.hint).toMatch(hint);
  });

  test('is told everything that is wrong, not only the first', () => {
    const found = problems(toyCase('  - invok: {}\n  - sent: {}\n', { nees: '1', title: '""' }));
    expect(found.length).toBeGreaterThanOrEqual(4);
  });

  test('with broken YAML says where', () => {
    const found = problems(toyCase('  - end: [sum\n  - finish: a\n'));
    expect(found[0]?.message).toMatch(/not valid YAML/);
    expect(found[0]?.line).toBeGreaterThanOrEqual(5);
  });

  test('is shown with its line and a caret below the place', () => {
    const [problem] = problems(toyCase('  - invok: { as: a }\n'));
    expect(problem && formatProblem(problem)).toBe(
      ['toy/a.yaml:5:5: unknown step `invok`', '  5 |   - invok: { as: a }', '    |     ^^^^^', '  did you mean `invoke`?'].join('\n'),
    );
  });
});
