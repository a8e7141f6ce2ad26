import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../results/result.ts';
import { ask } from './ask.ts';
import { FACET_NAMES } from './grammar.ts';
import { QueryError, readQuery } from './read.ts';
import type { VerdictCell, VerdictTable } from './table.ts';
import { tellAnswers } from './tell.ts';

const LETTERS: Readonly<Record<string, Verdict>> = { p: 'pass', f: 'fail', w: 'warn', s: 'skip' };

function cell(letter: string): VerdictCell | undefined {
  const verdict = LETTERS[letter.toLowerCase()];
  const trouble = verdict === 'fail' || verdict === 'warn';
  // A capital is flaky.
  return (
    verdict && {
      verdict,
      broken: trouble ? ['R-2'] : [],
      causes: trouble ? ['wire/R-2/head'] : [],
      flaky: letter !== letter.toLowerCase(),
      known: undefined,
    }
  );
}

const column = (name: string, version: string) => ({ id: `${name}@${version}`, name, version, track: name });
const row = (id: string, role: 'client' | 'server', cells: string) => ({
  ...{ id, role, area: id.split('/')[1] ?? '', binding: 'json', title: `what ${id} says`, requirements: ['R-1'] },
  cells: [...cells].map(cell),
});

/** Two versions of one implementation, the older one first, and another one. */
const table: VerdictTable = {
  columns: [column('mine', '1'), column('mine', '2'), column('other', '1')],
  rows: [
    row('t/rpc/good', 'client', 'ppp'),
    row('t/rpc/worse', 'client', 'pfp'),
    row('t/rpc/better', 'server', 'fpp'),
    row('t/stream/bad', 'client', 'fff'),
    row('t/stream/warned', 'server', 'wWs'),
    row('t/stream/other-only', 'client', '--f'),
    row('t/stream/gap', 'client', 'p-f'),
  ],
};
const found = (text: string): string[] => ask(table, readQuery(text)).map(({ row: { id } }) => id.split('/')[2] ?? '');

describe('a query finds the case-runs with a cell that it fits', () => {
  test.each([
    ['', ['good', 'worse', 'better', 'bad', 'warned', 'other-only', 'gap']],
    ['verdict:fail', ['worse', 'better', 'bad', 'other-only', 'gap']],
    ['status:fail impl:mine', ['worse', 'better', 'bad']],
    ['verdict:fail implementation:mine version:2', ['worse', 'bad']],
    ['implementation:mine@2 verdict:fail', ['worse', 'bad']],
    ['verdict:fail verdict:warn role:server', ['better', 'warned']],
    ['area:rpc !verdict:pass', ['worse', 'better']],
    ['not (area:rpc or role:client)', ['warned']],
    ['area:rpc and verdict:fail or is:flaky', ['worse', 'better', 'warned']],
    ['stream "what t/stream/ba"', ['bad']],
    ['broken:R-2 role:server', ['better', 'warned']],
    ['requirement:R-1 area:rpc', ['good', 'worse', 'better']],
    ['cause:wire/ is:flaky', ['warned']],
    ['is:different', ['worse', 'better', 'gap']],
    ['!is:different !verdict:fail', ['good', 'warned']],
    ['all(verdict:pass)', ['good']],
    ['none(verdict:pass)', ['bad', 'warned', 'other-only']],
    ['some(verdict:fail impl:mine) some(verdict:pass impl:other)', ['worse', 'better']],
    ['count:3(verdict:fail)', ['bad']],
    ['count:2-(verdict:fail or verdict:warn)', ['bad', 'warned']],
    ['count:0-1(verdict:fail) verdict:fail', ['worse', 'better', 'other-only', 'gap']],
    ['seq(verdict:pass verdict:fail)', ['worse']],
    ['seq(verdict:fail verdict:pass)', ['better']],
    ['seq(verdict:fail (verdict:fail version:2))', ['bad']],
    ['codec:json binding:json t/rpc/good', ['good']],
    ['all(!impl:mine or verdict:fail)', ['bad', 'other-only']],
  ])('%s', (text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });
});

test('only the cells that it fits are told; without a word on cells all of them', () => {
  const columnsOf = (text: string) => ask(table, readQuery(text)).find(({ row: { id } }) => id === 't/rpc/worse')?.columns;
  expect(columnsOf('verdict:fail')).toEqual([1]);
  expect(columnsOf('area:rpc')).toEqual([0, 1, 2]);
  expect(tellAnswers(table, ask(table, readQuery('worse')))).toEqual([
    't/rpc/worse  pass: mine@1, other@1; fail: mine@2',
    '1 of 7 case-runs',
  ]);
  expect(tellAnswers(table, ask(table, readQuery('worse verdict:fail')))[0]).toBe('t/rpc/worse  fail: mine@2  wire/R-2/head');
});

describe('what is no query says what is wrong with it, and where', () => {
  test.each([
    ['verdict:failed', 0, 'verdict:failed is none; there are pass, question'],
    ['a colour:red', 2, 'there is no colour; a query may name verdict'],
    ['verdict:', 0, 'of what? There are pass'],
    ['(a', 0, 'not closed'],
    ['a)', 1, 'no ( for this )'],
    ['()', 1, 'missing'],
    ['a or', 4, 'missing'],
    ['or a', 0, 'missing'],
    ['!', 1, 'missing'],
    ['a "b', 2, 'this " is not closed'],
    ['most(a)', 0, 'there are some(…), all(…)'],
    ['count:5-2(a)', 0, 'the second number is the smaller one'],
    ['seq(a)', 5, 'two terms or more'],
    ['all(some(a))', 4, 'stands inside another'],
    ['seq(all(a) b)', 4, 'stands inside another'],
    [`${'('.repeat(40)}a`, 30, 'levels deep'],
    [`${'!'.repeat(40)}a`, 30, 'levels deep'],
    ['a'.repeat(2001), 2000, 'at most 2000'],
  ])('%s', (text, at, message) => {
    expect(() => readQuery(text)).toThrow(expect.objectContaining({ at, message: expect.stringContaining(message) }));
  });
});

test('whatever is typed is answered, or is told to be no query', () => {
  const word = fc.constantFrom(
    ...FACET_NAMES.map((name) => `${name}:`),
    '(',
    ')',
    '!',
    'or',
    'and',
    'not',
    'all(',
    'none(',
    'count:1-2(',
    'seq(',
    '"',
    'fail',
    'flaky',
    'client',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
      ),
      (text) => {
        try {
          ask(table, readQuery(text));
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
        }
      },
    ),
  );
});

test('not turns round, and is undone by not', () => {
  const term = fc.constantFrom(
    'verdict:fail',
    'area:rpc',
    'is:different',
    'all(verdict:pass)',
    'seq(verdict:pass verdict:fail)',
    '(role:client or is:flaky)',
  );
  fc.assert(
    fc.property(term, term, (a, b) => {
      expect(found(`!(${a} or ${b})`)).toEqual(found(`!${a} !${b}`));
      expect(found(`!!${a}`)).toEqual(found(a));
    }),
  );
});
