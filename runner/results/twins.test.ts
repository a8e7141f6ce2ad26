import { expect, test } from 'vitest';
import type { FrameLine, StoryRow } from './result.ts';
import { tellTwinsApart } from './twins.ts';

const asIs = (text: string): string => text;
const line = (n: number, summary: string): FrameLine => ({ n, t: n, from: 'client', summary });
const told = (rows: readonly StoryRow[]): string[] =>
  rows.flatMap(({ observed, golden }) => [observed?.summary ?? '-', golden?.summary ?? '-']);

test('frames that differ and read the same say in what', () => {
  const [a, b, c] = [line(1, 'POST /a'), line(2, 'POST /a'), line(3, 'POST /b')];
  const rows: StoryRow[] = [
    { golden: a, mark: 'differs' },
    { observed: b, mark: 'differs' },
    { observed: c, mark: 'wrong' },
  ];
  const observed = new Map<FrameLine, unknown>([
    [b, { path: '/a', metadata: {} }],
    [c, { path: '/b' }],
  ]);
  const golden = new Map<FrameLine, unknown>([[a, { path: '/a', metadata: { x: ['1'] } }]]);
  expect(told(tellTwinsApart(rows, observed, golden, asIs))).toEqual([
    ...['-', 'POST /a (metadata.x differs)'],
    ...['POST /a (metadata.x differs)', '-'],
    ...['POST /b', '-'],
  ]);
});

test('one frame is held against one: the nearest that is left', () => {
  const [a, b, c] = [line(1, 'x'), line(2, 'x'), line(3, 'x')];
  const rows: StoryRow[] = [
    { observed: a, mark: 'differs' },
    { golden: b, mark: 'differs' },
    { observed: c, mark: 'differs' },
  ];
  const observed = new Map<FrameLine, unknown>([
    [a, { n: 1 }],
    [c, { n: 3 }],
  ]);
  const out = tellTwinsApart(rows, observed, new Map([[b, { n: 2 }]]), asIs);
  expect(told(out)).toEqual(['x (n differs)', '-', '-', 'x (n differs)', 'x', '-']);
});

test('rows that are the same, and what has no frame, stay as they are', () => {
  const [a, b, c] = [line(1, 'x'), line(2, 'x'), line(3, 'x')];
  const rows: StoryRow[] = [
    { observed: a, golden: b, mark: 'same' },
    { observed: c, mark: 'differs' },
  ];
  expect(tellTwinsApart(rows, new Map([[a, 1]]), new Map([[b, 2]]), asIs)).toEqual(rows);
});
