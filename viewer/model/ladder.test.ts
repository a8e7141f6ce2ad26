import { expect, test } from 'vitest';
import type { TraceRecordRead } from '../../runner/bundles/records.ts';
import { alignRows } from './align-rows.ts';
import { bandsOf } from './bands.ts';
import { ladderRows, type Row, waysIn } from './ladder.ts';
import { laneIds } from './lanes-of.ts';
import { SHOW_ALL, shownRows } from './shown-rows.ts';

type Sent = Extract<TraceRecordRead, { type: 'sent' }>;
const frame = { kind: 'message', class: 'data', text: false, data: '' } as const;
const sent = (n: number, t = n, connection = 0): Sent => ({
  n,
  t,
  type: 'sent',
  connection,
  from: 'client',
  frame,
  kind: 'data',
  stream: 'main/a',
});
const delivered = (n: number, of: number | undefined, t = n, altered = false): TraceRecordRead => ({
  n,
  t,
  type: 'delivered',
  connection: 0,
  to: 'server',
  ...(of === undefined ? {} : { of }),
  altered,
  frame,
});
const side = (records: TraceRecordRead[]) => ({ records, timeScale: 1, closing: records.length });
const says = (row: Row): string =>
  row.kind === 'frame' ? row.fate : row.kind === 'arrival' ? `arrival${row.again ? ' again' : ''}` : row.kind;

test.each([
  ['at once', [sent(0), delivered(1, 0)], ['delivered']],
  ['never', [sent(0)], ['dropped']],
  ['altered', [sent(0), delivered(1, 0, 1, true)], ['altered']],
  ['late', [sent(0), delivered(1, 0, 100)], ['bent', 'arrival']],
  ['behind a later one', [sent(0), sent(1), delivered(2, 1), delivered(3, 0)], ['bent', 'delivered', 'arrival']],
  ['twice', [sent(0), delivered(1, 0), delivered(2, 0)], ['delivered', 'arrival again']],
  ['though nobody sent it', [delivered(0, undefined)], ['arrival']],
  ['and was sent before what is held', [delivered(5, 3), delivered(6, undefined)], ['arrival']],
  ['after a long silence', [sent(0), delivered(1, 0), sent(2, 1000), delivered(3, 2, 1000)], ['delivered', 'gap', 'delivered']],
] satisfies [string, TraceRecordRead[], string[]][])('a frame that arrives %s is drawn so', (_name, records, expected) => {
  expect(ladderRows(side(records)).map(says)).toEqual(expected);
});

test('the step with which all is taken down is no step of the case', () => {
  const step = (n: number): TraceRecordRead => ({ n, t: n, type: 'step', step: n, phase: 'begin' });
  const rows = ladderRows({ ...side([step(0), sent(1), delivered(2, 1), step(3), sent(4), delivered(5, 4)]), closing: 3 });
  expect(rows.map(says)).toEqual(['step', 'delivered', 'closing', 'delivered']);
});

test('a finding is pinned to the frame as it was sent, and to its step where it names none', () => {
  const finding = { judge: 'invariant', checkpoint: '', level: 'MUST', message: '', fingerprint: '' } as const;
  const records: TraceRecordRead[] = [{ n: 0, t: 0, type: 'step', step: 3, phase: 'begin' }, sent(1), delivered(2, 1)];
  const rows = ladderRows(side(records), [
    { ...finding, events: [2] },
    { ...finding, events: [], step: 3 },
  ]);
  expect(rows.map(({ n, flags }) => [n, flags])).toEqual([
    [0, [{ finding: 1, decisive: true }]],
    [1, [{ finding: 0, decisive: true }]],
  ]);
});

test('bands of connections that overlap lie side by side, and a reconnect takes the place of what ended', () => {
  const rows = ladderRows(side([sent(0, 0, 0), sent(1, 1, 1), sent(2, 2, 0), sent(3, 3, 2)]));
  expect(bandsOf(rows).map(({ connection, track }) => [connection, track])).toEqual([
    [0, 0],
    [1, 1],
    [2, 0],
  ]);
});

test('frames stand beside each other as the judge paired them, with gaps where one side has nothing', () => {
  const observed = ladderRows(side([sent(0), sent(1), sent(2)]));
  const golden = ladderRows(side([sent(0), sent(1), sent(2)]));
  const differs = [{ path: 'payload', observed: 1, golden: 2 }];
  const rows = alignRows(observed, golden, {
    pairs: [
      { observed: 0, golden: 0 },
      { observed: 2, golden: 1, differs },
    ],
    alone: { observed: [1], golden: [2] },
  });
  expect(rows.map((row) => [row.observed?.n, row.golden?.n, row.mark])).toEqual([
    [0, 0, 'same'],
    [1, undefined, 'alone'],
    [2, 1, 'differs'],
    [undefined, 2, 'alone'],
  ]);
});

test('what differs between two pairs stands in the order of time since they last agreed', () => {
  const observed = ladderRows(side([sent(0, 100), sent(1, 122), sent(2, 160)]));
  const golden = ladderRows(side([sent(0, 7), sent(1, 9), sent(2, 40)]));
  const rows = alignRows(observed, golden, { pairs: [{ observed: 0, golden: 0 }], alone: { observed: [1, 2], golden: [1, 2] } });
  expect(rows.map((row) => [row.observed?.n, row.golden?.n])).toEqual([
    [0, 0],
    [undefined, 1],
    [1, undefined],
    [undefined, 2],
    [2, undefined],
  ]);
});

test('pairs that cross are told to be elsewhere', () => {
  const rows = alignRows(ladderRows(side([sent(0), sent(1), sent(2)])), ladderRows(side([sent(0), sent(1), sent(2)])), {
    pairs: [
      { observed: 0, golden: 2 },
      { observed: 1, golden: 0 },
      { observed: 2, golden: 1 },
    ],
    alone: { observed: [], golden: [] },
  });
  expect(rows.map(({ mark }) => mark)).toEqual(['elsewhere', 'same', 'same', 'elsewhere']);
});

test('a gap says how many rows a filter hides in it', () => {
  const rows = ladderRows(side([sent(0), { ...sent(1), stream: 'main/b' }, sent(2, 1000)]));
  const shown = shownRows(rows, { ...SHOW_ALL, streams: ['main/a'] });
  expect(shown.map((row) => (row.kind === 'gap' ? `gap ${row.hidden}` : row.n))).toEqual([0, 'gap 1', 2]);
});

test('with a broker each end has a relay of its own, and frames go to the broker and from it', () => {
  const opened = (n: number, connection: number, role: 'client' | 'server'): TraceRecordRead => ({
    ...{ n, t: n, type: 'opened', connection },
    dialler: { role, instance: 'main' },
  });
  const records: TraceRecordRead[] = [
    opened(0, 0, 'server'),
    opened(1, 1, 'client'),
    sent(2, 2, 1),
    { ...sent(3, 3, 0), from: 'broker' },
    { ...sent(4, 4, 0), from: 'server' },
  ];
  const rows = ladderRows(side(records));
  expect(laneIds(waysIn(rows))).toEqual(['client', 'proxy', 'broker', 'proxy-of-server', 'server']);
  expect(rows.flatMap((row) => (row.kind === 'frame' ? [[row.record.from, row.way.via, row.way.other]] : []))).toEqual([
    ['client', 'proxy', 'broker'],
    ['broker', 'proxy-of-server', 'server'],
    ['server', 'proxy-of-server', 'broker'],
  ]);
  expect(laneIds(waysIn(ladderRows(side([sent(0), delivered(1, 0)]))))).toEqual(['client', 'proxy', 'server']);
});
