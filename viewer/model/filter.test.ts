import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listed, talliesOf } from '../../reporters/html/listed.ts';
import { manyResults } from '../testing/made.ts';
import { FACETS, filtered, readFilter, type Term, toggled, withOnly, writeFilter } from './filter.ts';
import { entriesOf } from './rows-of-runs.ts';

const results = manyResults(200);
const entries = entriesOf([
  {
    label: 'mine 1.0',
    folder: '',
    results,
    words: { title: '', requirements: {}, variations: {} },
    tallies: talliesOf(results.runs),
    runs: results.runs.map((run) => listed(run, ['', 0], { kind: 'none' })),
  },
]);
const count = (text: string): number => filtered(entries, readFilter(text)).length;

test.each([
  ['', 200],
  ['verdict:fail', 4],
  ['verdict:fail verdict:pass', 200],
  ['!verdict:pass', 4],
  ['area:area-10', 10],
  ['codec:json area:area-10', 10],
  ['binding:msgpack', 0],
  ['area:area-10 verdict:fail', 2],
  ['case-00100', 1],
  ['!case-00100', 199],
  ['"does what it says" area:area-01', 10],
  ['implementation:"mine 1.0" is:new', 4],
  ['requirement:TEST-01 role:server', 0],
  ['nosuch:thing', 0],
])('%s lets through %i', (text, wanted) => {
  expect(count(text)).toBe(wanted);
});

test('a term is put in and taken out again', () => {
  const on = toggled('slow', 'verdict', 'fail');
  expect(on).toBe('slow verdict:fail');
  expect(toggled(on, 'verdict', 'fail')).toBe('slow');
  expect(withOnly('binding:a binding:b x', 'binding', 'c d')).toBe('x binding:"c d"');
});

test('whatever is written is read again, and whatever is typed is read', () => {
  const value = fc.string({ minLength: 1 }).filter((text) => !text.includes('"'));
  const term = fc.record({ kind: fc.constant('facet' as const), facet: fc.constantFrom(...FACETS), value, not: fc.boolean() });
  fc.assert(
    fc.property(fc.array(term), (terms: Term[]) => {
      expect(readFilter(writeFilter(terms))).toEqual(terms);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      readFilter(text);
    }),
  );
});
