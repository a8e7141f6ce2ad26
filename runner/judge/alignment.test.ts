import { expect, test } from 'vitest';
import type { Lane, NormalisedTrace } from '../../protocols/common/normalise.ts';
import { alignTraces } from './alignment.ts';

const lane = (items: readonly (readonly [kind: string, value: unknown, ...events: number[]])[], name = 'main/a'): Lane => ({
  name,
  from: 'client',
  items: items.map(([kind, value, ...events]) => ({ kind, value, events })),
});
const trace = (...lanes: Lane[]): NormalisedTrace => ({ lanes });
const same = (value: unknown): unknown => value;
const align = (observed: NormalisedTrace, golden: NormalisedTrace) => alignTraces(observed, golden, [], () => undefined, same);

test('equal frames are pairs; what only one side has stands alone', () => {
  expect(
    align(
      trace(
        lane([
          ['open', 1, 1],
          ['data', 3, 5],
        ]),
      ),
      trace(
        lane([
          ['open', 1, 2],
          ['data', 2, 4],
          ['data', 3, 6],
        ]),
      ),
    ),
  ).toEqual({
    pairs: [
      { observed: 1, golden: 2 },
      { observed: 5, golden: 6 },
    ],
    alone: { observed: [], golden: [4] },
  });
});

test('of frames that stand for the same every differing member is named', () => {
  const { pairs } = align(
    trace(lane([['data', { a: { b: 1, c: 2 }, d: [1] }, 1]])),
    trace(lane([['data', { a: { b: 1, c: 3 }, d: [1, 2] }, 2]])),
  );
  expect(pairs).toEqual([
    {
      observed: 1,
      golden: 2,
      differs: [
        { path: 'a.c', observed: 2, golden: 3 },
        { path: 'd.1', observed: { $undefined: true }, golden: 2 },
      ],
    },
  ]);
});

test('what was sent again is a pair with what the other side sent again, and only the first is compared', () => {
  expect(align(trace(lane([['data', 1, 1, 3, 5]])), trace(lane([['data', 2, 2, 4]]))).pairs).toEqual([
    { observed: 1, golden: 2, differs: [{ path: 'value', observed: 1, golden: 2 }] },
    { observed: 3, golden: 4 },
  ]);
});

test('a lane that one side has not stands alone', () => {
  expect(align(trace(), trace(lane([['open', 1, 7]])))).toEqual({ pairs: [], alone: { observed: [], golden: [7] } });
});
