import { expect, test } from 'vitest';
import type { Matrix, MatrixRow } from '../results/matrix.ts';
import { changesSince, historyLines, readHistory } from './history.ts';

const row = (id: string, verdicts: string, changes: Partial<MatrixRow> = {}): MatrixRow => ({
  id,
  name: id,
  title: id,
  version: '1',
  reference: false,
  roles: ['client'],
  state: 'ran',
  verdicts,
  found: {},
  skipped: {},
  rates: {},
  kept: {},
  ...changes,
});

/** A matrix of a day with these rows; `hashes` of its three cases. */
function matrix(day: number, rows: MatrixRow[], hashes = ['a', 'b', 'c']): Matrix {
  const caseRuns = hashes.map((hash, i) => ({
    id: `brook/rpc/${i}@client+json`,
    case: `brook/rpc/${i}`,
    area: 'rpc',
    role: 'client' as const,
    binding: 'json',
    title: '',
    requirements: [],
    hash,
  }));
  return {
    schema: 'weir-matrix/1',
    weir: '1',
    protocol: 'brook',
    title: 'Brook',
    madeAt: `2026-01-0${day}T00:00:00.000Z`,
    selection: [],
    requirements: {},
    caseRuns,
    findings: [],
    reasons: [],
    rows,
  };
}

/** The history after these matrices. */
function historyOf(...matrices: Matrix[]): string {
  return matrices.reduce((before, each) => before + historyLines(before, each), '');
}

const told = (text: string, now: Matrix) =>
  changesSince(readHistory(text), now).map(({ id, before, now: is, kind, since }) => [
    id.slice(10, 11),
    before,
    is,
    kind,
    since.slice(8, 10),
  ]);

test('what has not changed takes a character, and reads back', () => {
  const text = historyOf(matrix(1, [row('mine', 'ppf')]), matrix(2, [row('mine', 'ppf')]), matrix(3, [row('mine', 'pff')]));
  expect(text.split('\n').filter((line) => line.includes('caseRuns'))).toHaveLength(1);
  expect(text).toContain('"rows":{"mine":"="}');
  expect(readHistory(text).map(({ rows }) => [...(rows.get('mine')?.values() ?? [])].join(''))).toEqual(['ppf', 'ppf', 'pff']);
});

test('a case-run that went from good to bad is a regression, with the day since when', () => {
  const text = historyOf(matrix(1, [row('mine', 'ppf')]), matrix(2, [row('mine', 'fpf')]));
  expect(told(text, matrix(3, [row('mine', 'fpp')]))).toEqual([
    ['0', 'p', 'f', 'worse', '02'],
    ['2', 'f', 'p', 'better', '03'],
  ]);
});

test('what was so before, and otherwise in between, goes back and forth: neither a regression nor mended', () => {
  const text = historyOf(matrix(1, [row('mine', 'pfp')]), matrix(2, [row('mine', 'fpf')]));
  expect(told(text, matrix(3, [row('mine', 'pfw')]))).toEqual([
    ['0', 'f', 'p', 'flips', '03'],
    ['1', 'p', 'f', 'flips', '03'],
    ['2', 'f', 'w', 'flips', '03'],
  ]);
  const changed = historyOf(matrix(1, [row('mine', 'fpp')], ['x', 'b', 'c']), matrix(2, [row('mine', 'ppp')]));
  expect(told(changed, matrix(3, [row('mine', 'fpp')]))).toEqual([['0', 'p', 'f', 'worse', '03']]);
});

test('what a changed case sees otherwise is no regression', () => {
  const text = historyOf(matrix(1, [row('mine', 'ppp')]));
  expect(told(text, matrix(2, [row('mine', 'fpp')], ['x', 'b', 'c']))).toEqual([['0', 'p', 'f', 'corpus', '02']]);
});

test('neither is what is flaky, was not run or is unclear, nor a row that is new', () => {
  const text = historyOf(matrix(1, [row('mine', 'pp-')]));
  const now = matrix(2, [row('mine', 'fuf', { rates: { 0: { failed: 0.1, runs: 10 } } }), row('new', 'fff')]);
  expect(told(text, now)).toEqual([]);
});

test('a row that was not set up in between keeps what it was', () => {
  const absent = row('mine', '---', { state: 'not-set-up' });
  const text = historyOf(matrix(1, [row('mine', 'ppp')]), matrix(2, [absent]));
  expect(told(text, matrix(3, [row('mine', 'ppf')]))).toEqual([['2', 'p', 'f', 'worse', '03']]);
});

test('a line that is none is named', () => {
  expect(() => readHistory('{"caseRuns":[]}\nnothing\n')).toThrow('line 2');
  expect(() => readHistory('{"madeAt":"","weir":"","rows":{"mine":"="}}\n')).toThrow('mine is as before, but was not told before');
});
