import { expect, test } from 'vitest';
import { type Entry, tableRows } from './rows-of-runs.ts';

const entry = (id: string, verdict: Entry['run']['verdict']): Entry =>
  // Nothing else is looked at.
  ({ area: 'rpc', news: false, haystack: '', run: { id, verdict, durationMs: 0 } }) as Entry;

test('of an area what was not run comes behind what was', () => {
  const rows = tableRows([entry('a', 'skip'), entry('b', 'pass'), entry('c', 'skip'), entry('d', 'fail')], 'area', new Set());
  expect(rows.map((row) => (row.kind === 'run' ? row.entry.run.id : row.area))).toEqual(['rpc', 'b', 'd', 'a', 'c']);
});
