import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

import { caseParser } from './parse.ts';
import { formatProblem } from './problem.ts';
import { toyCatalogue, toyLanguage } from './testing/toy.ts';

const parse = caseParser(toyLanguage, toyCatalogue);
const toyParse = (text: string) => parse('toy/a.yaml', 'toy/a', text);

const head = 'title: A case that is too much\nrequirements: [TOY-01]\nunder-test: client\n';
const steps = (lines: string): string => `${head}steps:\n${lines}`;

/** Characters of all that is told of a file; a screen has as many lines. */
const MOST_TOLD = 200_000;

/** What people, or their programs, write that is too much: the text, and what is said of it. One more is a line. */
const ATTACKS: readonly { readonly what: string; readonly text: string; readonly words: RegExp; readonly at?: string }[] = [
  { what: 'half a megabyte of [', text: '['.repeat(500_000), words: /nested more than 100 levels deep/, at: '1:100' },
  { what: 'half a megabyte of {a: ', text: '{a: '.repeat(125_000), words: /nested more than 100 levels deep/ },
  { what: 'dashes of a list in a list', text: '- '.repeat(250_000), words: /nested more than 100 levels deep/ },
  { what: 'an error before half a megabyte of [', text: `a: b: c\nd: ${'['.repeat(500_000)}`, words: /not valid YAML/, at: '1:5' },
  { what: 'an error before half a megabyte of - ', text: `a: b: c\n${'- '.repeat(250_000)}`, words: /not valid YAML/ },
  { what: 'a text of eight megabytes', text: `title: ${'x'.repeat(8_000_000)}`, words: /more than the 4194304 characters/ },
  {
    what: 'an alias bomb',
    text: `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]\n`).join('')}`,
    words: /with its aliases filled in the file holds more than 1000000 values/,
  },
  {
    what: 'an alias bomb of long texts',
    text: `a: &a ${'x'.repeat(500_000)}\nb: [${'*a, '.repeat(20_000)}]\n`,
    words: /with its aliases filled in the file holds more than 1000000 values/,
    at: '2:513',
  },
  {
    what: 'a ladder of aliases',
    text: `a0: &a0 [1]\n${Array.from({ length: 200 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('')}`,
    words: /with its aliases filled in this is nested more than 100 levels deep/,
  },
  {
    what: 'an alias inside of what it stands for',
    text: steps('  - &loop { invoke: { as: a, procedure: toys.add, init: [*loop] } }\n'),
    words: /an alias inside of what it stands for/,
  },
  {
    what: 'a repeat of a thousand millions',
    text: steps('  - repeat: { times: 1000000000, steps: [{ finish: a }] }\n'),
    words: /at most 1000000 steps/,
    at: '5:22',
  },
  {
    what: 'repeats in repeats',
    text: steps(`  - ${'{ repeat: { times: 100, steps: ['.repeat(10)}{ finish: a }${'] } }'.repeat(10)}\n`),
    words: /at most 1000000 steps/,
  },
  {
    what: 'a text that is repeated for ever',
    text: steps('  - send: { to: a, request: { $repeat: { text: xxxx, times: 1000000000000 } } }\n'),
    words: /make at most/,
    at: '5:11',
  },
  {
    what: 'a text of texts that are repeated',
    text: steps(`  - send: { to: a, request: { $join: [${'{ $repeat: { text: xxxx, times: 10000000 } }, '.repeat(100)}] } }\n`),
    words: /make at most/,
  },
  {
    what: 'twenty thousand wrong steps',
    text: steps('  - invokee: { as: a }\n'.repeat(20_000)),
    words: /unknown step `invokee`/,
    at: '5:5',
  },
  { what: 'twenty thousand calls that are none', text: steps('  - finish: aaaa\n'.repeat(20_000)), words: /no call named `aaaa`/ },
  {
    what: 'twenty thousand names that look alike',
    text: steps(
      `${Array.from({ length: 5000 }, (_, i) => `  - invoke: { as: call${i}, procedure: toys.add }\n`).join('')}${'  - finish: cal\n'.repeat(10_000)}`,
    ),
    words: /no call named `cal`/,
  },
  {
    what: 'twenty thousand unknown requirements',
    text: head.replace('[TOY-01]', `[${'TOY-99, '.repeat(20_000)}]`).concat('steps: [{ finish: a }]\n'),
    words: /unknown requirement `TOY-99`/,
  },
  { what: 'a name of a megabyte', text: steps(`  - finish: ${'a'.repeat(1_000_000)}\n`), words: /no call named/ },
  { what: 'an unknown step of a megabyte', text: steps(`  - ? ${'a'.repeat(1_000_000)}\n    : 1\n`), words: /unknown step/ },
  {
    what: 'ten thousand unknown keys',
    text: steps(`  - invoke: { as: a, procedure: toys.add, ${Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join(', ')} }\n`),
    words: /unknown key `k0`/,
  },
  {
    what: 'a wait beyond any timer',
    text: steps('  - opened: { within: 1000000000000 }\n'),
    words: /`within`: Too big: expected number to be <=86400000/,
    at: '5:23',
  },
  {
    what: 'days of quiet',
    text: steps('  - repeat: { times: 1000, steps: [{ quiet: { for: 86400000, no-close: true } }] }\n'),
    words: /quiet steps of a case last at most/,
  },
  {
    what: 'an expression that looks ahead',
    text: steps("  - await: { wire: { payload: { $match: '(?=a)b' } } }\n"),
    words: /\$match takes a regular expression: .*looking ahead or behind/,
  },
  {
    what: 'an expression of great size',
    text: steps(`  - await: { wire: { payload: { $match: '${'(((a{100}){100}){100})'}' } } }\n`),
    words: /\$match takes a regular expression/,
  },
];

describe('a case file that holds', () => {
  it.each(ATTACKS)('$what is refused at its place', ({ text, words, at }) => {
    const outcome = toyParse(text);
    if (outcome.ok) throw new Error('it was taken');
    const told = outcome.problems.map(formatProblem);
    expect(outcome.problems.length).toBeLessThanOrEqual(100);
    expect(told[0]).toMatch(words);
    expect(told.join('\n').length).toBeLessThan(MOST_TOLD);
    if (at !== undefined) expect(told[0]).toContain(`:${at}: `);
  });
});

test('whatever is written, it is a case or a list of problems', () => {
  const words = [
    '- ',
    '  ',
    '\n',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '&a ',
    '*a',
    ', ',
    '"',
    "'",
    '|\n',
    '? ',
    '!!str ',
    '#',
    'repeat: ',
    'times: 9',
    'steps:',
    'invoke: ',
    'x',
    '\t',
    '---\n',
    '$match: ',
    '1e9',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => {
      for (const text of [parts.join(''), steps(`  - ${parts.join('')}\n`)]) {
        const outcome = toyParse(text);
        if (!outcome.ok) expect(outcome.problems.map(formatProblem).join('').length).toBeLessThan(MOST_TOLD);
      }
    }),
  );
});
