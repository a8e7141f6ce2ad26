import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { matrix as grammar } from '../results/matrix.ts';
import { enlargeMatrix } from './large-matrix.ts';

const published = grammar.parse(JSON.parse(readFileSync(join(packageRoot(), 'reports/river/matrix.json'), 'utf8')));

test('columns and case-runs are repeated, each with what it had', () => {
  const large = grammar.parse(enlargeMatrix(published, 30, 1000));
  expect(large.rows.map(({ reference }) => reference).filter((each) => !each)).toHaveLength(30);
  expect(new Set(large.rows.map(({ name }) => name)).size).toBe(31);
  expect(new Set(large.caseRuns.map(({ id }) => id)).size).toBe(1000);
  const own = published.caseRuns.length;
  const [, first] = published.rows;
  const [, copy] = large.rows;
  for (const i of [0, own - 1]) {
    expect(copy?.verdicts[i + own]).toBe(first?.verdicts[i]);
    expect(copy?.found[i + own]).toEqual(first?.found[i]);
  }
  const failing = published.rows.findIndex(({ found, reference }) => !reference && Object.keys(found).length > 0);
  const [at = '0'] = Object.keys(published.rows[failing]?.found ?? {});
  expect(large.rows[failing]?.found[Number(at) + own]).toEqual(published.rows[failing]?.found[at]);
});

test('what has nothing to repeat is refused', () => {
  expect(() => enlargeMatrix({ ...published, caseRuns: [] }, 30, 1000)).toThrow(RangeError);
  expect(() => enlargeMatrix({ ...published, rows: published.rows.slice(0, 1) }, 30, 1000)).toThrow(RangeError);
});
