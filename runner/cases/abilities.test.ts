import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { CaseLanguage } from './language.ts';
import { caseParser } from './parse.ts';
import { toyCase, toyCatalogue, toyLanguage } from './testing/toy.ts';

/** Toys that have all that a protocol may have. */
const rich: CaseLanguage = {
  ...toyLanguage,
  title: 'Rich toys',
  kinds: {
    rpc: { says: 'asks once', opening: {} },
    shout: { says: 'is heard by nobody', ends: false },
    stream: { says: 'plays' },
  },
  callers: ['client', 'server'],
  metadata: { grammar: z.record(z.string(), z.string()), at: ['start', 'answer', 'value', 'error', 'end'] },
  credit: z.int().min(1).max(100),
};

const read = (language: CaseLanguage, steps: string) => caseParser(language, toyCatalogue)('toy/a.yaml', 'toy/a', toyCase(steps));
const PLAY = '  - invoke: { as: play, procedure: toys.play, value: 1 }\n';
const END = '  - end: play\n';

describe('a protocol that has it', () => {
  test('lets either end call, with metadata, credit, and errors of the caller', () => {
    const outcome = read(
      rich,
      `  - invoke: { as: play, at: server, to: 1, kind: stream, metadata: { a: b }, credit: 2 }
  - send: { to: play, value: null, metadata: { c: d } }
  - credit: { of: play, n: 3 }
  - start: { of: play, metadata: { e: any } }
  - receive: { from: play, ok: 7, metadata: { f: any } }
  - finish: { of: play, error: { code: 7, message: no, metadata: { g: h } } }
  - handler: { at: main, event: credit, value: 3 }
  - end: { of: play, error: { code: 7, metadata: any }, metadata: { i: any } }
`,
    );
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join('; '));
    expect(outcome.case.steps.map(({ action }) => action)).toEqual([
      { kind: 'invoke', call: 'play', at: 'server', procedureKind: 'stream', to: 1, metadata: { a: 'b' }, credit: 2 },
      { kind: 'send', call: 'play', value: null, metadata: { c: 'd' } },
      { kind: 'credit', call: 'play', n: 3 },
      { kind: 'start', call: 'play', metadata: { e: 'any' }, within: 4000 },
      { kind: 'receive', call: 'play', ok: 7, metadata: { f: 'any' }, error: undefined, within: 4000 },
      { kind: 'finish', call: 'play', error: { code: 7, message: 'no', metadata: { g: 'h' } } },
      { kind: 'handler', at: 'main', event: 'credit', value: 3, within: 4000 },
      { kind: 'end', call: 'play', error: { code: 7, metadata: 'any' }, metadata: { i: 'any' }, within: 4000 },
    ]);
  });

  test.each([
    ['{ as: a, procedure: toys.add }', { value: {} }],
    ['{ as: a, procedure: toys.add, init: null }', { value: null }],
    ['{ as: a, procedure: toys.add, value: 0 }', { value: 0 }],
  ])('a kind may have an opening value of its own: %s', (invoke, wanted) => {
    const outcome = read(rich, `  - invoke: ${invoke}\n  - end: a\n`);
    expect(outcome.ok && outcome.case.steps[0]?.action).toMatchObject(wanted);
  });

  test('without one a call opens with no value', () => {
    const outcome = read(rich, '  - invoke: { as: a, procedure: toys.play }\n  - end: a\n');
    expect(outcome.ok && Object.keys(outcome.case.steps[0]?.action ?? {})).not.toContain('value');
  });
});

test.each<[string, CaseLanguage, string, RegExp, RegExp | undefined, number, number]>([
  ['credit where there is none', toyLanguage, `${PLAY}  - credit: { of: play, n: 1 }\n${END}`, /Toys has no credit/, undefined, 6, 13],
  [
    'credit at the start',
    toyLanguage,
    `  - invoke: { as: play, procedure: toys.play, credit: 1 }\n${END}`,
    /Toys has no credit/,
    undefined,
    5,
    55,
  ],
  ['too much credit', rich, `${PLAY}  - credit: { of: play, n: 101 }\n${END}`, /100/, undefined, 6, 13],
  [
    'credit of no call',
    rich,
    `  - credit: { of: play, n: 1 }\n  - quiet: { for: 1, no-connection: true }\n`,
    /no call named `play`/,
    undefined,
    5,
    19,
  ],
  [
    'metadata where there is none',
    toyLanguage,
    `${PLAY}  - send: { to: play, metadata: {} }\n${END}`,
    /Toys has no metadata with a value/,
    /none anywhere/,
    6,
    33,
  ],
  [
    'metadata in another place',
    { ...rich, metadata: { grammar: z.unknown(), at: ['start'] } },
    `${PLAY}  - end: { of: play, metadata: {} }\n`,
    /no metadata with the end/,
    /with the start of a call/,
    6,
    32,
  ],
  ['metadata of another form', rich, `${PLAY}  - send: { to: play, metadata: { a: 1 } }\n${END}`, /`a` must be/, undefined, 6, 38],
  [
    'an answer that does not begin',
    { ...rich, metadata: { grammar: z.unknown(), at: ['start'] } },
    `${PLAY}  - start: { of: play }\n${END}`,
    /no metadata before the first value/,
    undefined,
    6,
    12,
  ],
  [
    'a server that does not call',
    toyLanguage,
    `  - invoke: { as: play, at: server, procedure: toys.play }\n${END}`,
    /in Toys a server does not call/,
    /the client that calls/,
    5,
    29,
  ],
  ['a second server', toyLanguage, `  - serve: { as: b }\n${PLAY}${END}`, /a case of Toys has one server/, /without a step/, 5, 12],
  ['the end of a server', toyLanguage, `${PLAY}  - stop: server\n${END}`, /a case of Toys has one server/, undefined, 6, 11],
  ['a server that is not there', rich, `  - connect: { to: b }\n${PLAY}${END}`, /no server named `b` exists/, /so far: server/, 5, 20],
  [
    'a server of a client’s name',
    rich,
    `  - connect: { as: b }\n  - serve: { as: b }\n${PLAY}${END}`,
    /`b` exists already/,
    undefined,
    6,
    18,
  ],
  [
    'a connection of a client',
    rich,
    `  - invoke: { as: play, to: 0, procedure: toys.play }\n${END}`,
    /only a server has connections/,
    undefined,
    5,
    29,
  ],
  ['a kind it lacks', rich, `  - invoke: { as: play, kind: steam }\n${END}`, /no calls of the kind `steam`/, /`stream`/, 5, 31],
  ['no procedure and no kind', rich, `  - invoke: { as: play }\n${END}`, /says its `kind`/, /rpc/, 5, 13],
  [
    'the end of a kind without one',
    rich,
    `  - invoke: { as: play, kind: shout }\n${END}`,
    /`play` is a shout: whoever makes one is told nothing/,
    undefined,
    6,
    10,
  ],
  [
    'a value under two names',
    rich,
    `  - invoke: { as: play, kind: stream, value: 1, init: 1 }\n${END}`,
    /`init` is another name of `value`/,
    /keep one/,
    5,
    49,
  ],
  ['a handler of nobody', rich, `${PLAY}  - handler: { at: clerk, event: started }\n`, /no client named `clerk`/, undefined, 6, 20],
])('%s is refused with its place', (_what, language, steps, message, hint, line, column) => {
  const outcome = read(language, steps);
  const found = outcome.ok ? undefined : outcome.problems.find((problem) => message.test(problem.message));
  expect(found, outcome.ok ? 'accepted' : JSON.stringify(outcome.problems)).toMatchObject({ line, column });
  if (hint !== undefined) expect(found?.hint).toMatch(hint);
});

test.each([
  [{ bindings: '[sleigh-2]' }, 'unknown binding `sleigh-2`: sleighs are not there yet'],
  [{ needs: '[sleigh]' }, 'unknown feature `sleigh`: sleighs are not there yet'],
  [{ bindings: '[plane]' }, 'unknown binding `plane`'],
])('a case that asks for what is not there yet is told so: %j', (head, says) => {
  const language: CaseLanguage = { ...toyLanguage, notThereYet: { named: /^sleigh/, says: 'sleighs are not there yet' } };
  const outcome = caseParser(language, toyCatalogue)('toy/a.yaml', 'toy/a', toyCase(`${PLAY}${END}`, head));
  expect(outcome.ok ? [] : outcome.problems.map(({ message }) => message)).toContain(says);
});
