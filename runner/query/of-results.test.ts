import { expect, test } from 'vitest';
import { aCaseRun, aFailure, someResults } from '../../reporters/testing/results.ts';
import { ask } from './ask.ts';
import { tableOfResults } from './of-results.ts';
import { readQuery } from './read.ts';

const add = 'river/rpc/add@client+json';
const known = aFailure({ id: 'river/stream/count@client+json', case: 'river/stream/count', expected: 'known-failure' });

const table = tableOfResults([
  {
    label: 'mine 1',
    results: {
      ...someResults([aCaseRun(), aCaseRun({ id: `${add}#2` }), known]),
      implementation: { name: 'mine', version: '1', reference: false },
    },
  },
  {
    label: 'mine 2',
    results: {
      ...someResults([aCaseRun(), aFailure({ id: `${add}#2` })]),
      implementation: { name: 'mine', version: '2', reference: false },
    },
  },
  { label: 'reference pair', results: someResults([aCaseRun()]) },
]);

const found = (text: string) => ask(table, readQuery(text)).map(({ row, columns }) => [row.id, columns.map((i) => table.columns[i]?.id)]);

test.each([
  ['repeats are one cell, with the gravest verdict', 'verdict:fail is:flaky', [[add, ['mine 2']]]],
  ['what is listed is told from news', 'is:known', [[known.id, ['mine 1']]]],
  ['news', 'is:new', [[add, ['mine 2']]]],
  ['what was not run has no cell', 'count:1(area:stream)', [[known.id, ['mine 1']]]],
  ['runs follow each other by implementation', 'seq(verdict:pass verdict:fail)', [[add, ['mine 1', 'mine 2', 'reference pair']]]],
  ['rules that were broken, and causes', 'broken:TEST-01 cause:receive/ impl:mine version:2', [[add, ['mine 2']]]],
  ['the reference pair is an implementation, too', 'implementation:reference', [[add, ['reference pair']]]],
])('%s', (_name, text, wanted) => {
  expect(found(text)).toEqual(wanted);
});
