import { expect, test } from 'vitest';
import type { Change, ResultsReport } from '../../runner/compare/grammar.ts';
import { sectionsOf, verdictOfChanges } from './changes.ts';

const side = { file: 'f', implementation: 'mine', weir: '0', startedAt: '', world: 'real', runs: 3 } as const;
const fails = { verdicts: { fail: 1 }, causes: ['expectation/R-1/x/y'], requirement: 'R-1', message: 'it read nothing' };
const passes = { verdicts: { pass: 1 }, causes: [] };
const change = (kind: Change['kind'], id: string, a: Change['a'], b: Change['b']): Change => ({
  kind,
  id,
  title: `title of ${id}`,
  ...(a === undefined ? {} : { a }),
  ...(b === undefined ? {} : { b }),
});
const report: ResultsReport = {
  schema: 'weir-diff/1',
  of: 'results',
  a: side,
  b: side,
  same: 7,
  counts: { news: 2, mended: 1, 'only-in-b': 1 },
  changes: [
    change('news', 'p/x/one', passes, fails),
    change('news', 'p/x/two', passes, fails),
    change('mended', 'p/y/three', fails, passes),
    change('only-in-b', 'p/y/four', undefined, passes),
  ],
};

test('changes stand by kind and by what changed to what', () => {
  expect(
    sectionsOf(report, '').map(({ says, groups }) => [says, groups.map(({ says: group, changes }) => [group, changes.length])]),
  ).toEqual([
    ['2 case-runs worse in b', [['pass → fail (expectation/R-1/x/y)', 2]]],
    ['1 case-run better in b', [['fail (expectation/R-1/x/y) → pass', 1]]],
    ['1 case-run judged only in b', [['not run → pass', 1]]],
  ]);
  expect(verdictOfChanges(report)).toBe('2 case-runs worse in b, 1 case-run better in b');
  expect(verdictOfChanges({ ...report, changes: [], counts: {} })).toBe('All 7 case-runs are the same');
});

test.each([
  ['change:mended', ['p/y/three']],
  ['two', ['p/x/two']],
  ['READ nothing change:news', ['p/x/one', 'p/x/two']],
  ['p/y', ['p/y/three', 'p/y/four']],
  ['nowhere', []],
])('%s leaves %j', (filter, ids) => {
  expect(sectionsOf(report, filter).flatMap(({ groups }) => groups.flatMap(({ changes }) => changes.map(({ id }) => id)))).toEqual(ids);
});
