import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lane, NormalItem, VariationRule } from '../../protocols/common/normalise.ts';
import { compareTraces, firstDifference } from './trace-diff.ts';

const noKind = (): undefined => undefined;
const item = (kind: string, value: unknown = null, n = 0): NormalItem => ({ kind, value, events: [n] });
const lane = (name: string, items: NormalItem[], from: Lane['from'] = 'client'): Lane => ({ name, from, items });
const compare = (observed: Lane[], golden: Lane[], rules: VariationRule[] = []) =>
  compareTraces({ lanes: observed }, { lanes: golden }, rules, noKind);

/** Leaves out items of one kind. */
const dropping = (kind: string): VariationRule => ({
  name: `drop-${kind}`,
  allowedBy: 'TEST-01',
  describe: `${kind} may be left out`,
  canonical: (each) => ({ ...each, items: each.items.filter((one) => one.kind !== kind) }),
});

const anyItem = fc.record({ kind: fc.constantFrom('open', 'data', 'close'), value: fc.jsonValue(), events: fc.constant([0]) });
const anyLane = fc.record({
  name: fc.constantFrom('main/a', 'main/b', 'main/c'),
  from: fc.constantFrom('client' as const, 'server' as const),
  items: fc.array(anyItem, { maxLength: 5 }),
});
const anyLanes = fc.uniqueArray(anyLane, { selector: (each) => `${each.name} ${each.from}`, maxLength: 5 });

describe('comparing traces', () => {
  test('equal traces do not diverge, in whatever order their lanes come', () => {
    fc.assert(
      fc.property(anyLanes, (lanes) => {
        expect(compare(lanes, lanes.toReversed())).toEqual({ divergences: [], applied: [] });
      }),
    );
  });

  test('a change of any one item is found in its lane and nowhere else', () => {
    const changed = anyLanes
      .filter((lanes) => lanes.some(({ items }) => items.length > 0))
      .chain((lanes) => fc.constantFrom(...lanes.flatMap((each, i) => each.items.map((_item, j) => ({ lanes, i, j })))));
    fc.assert(
      fc.property(changed, ({ lanes, i, j }) => {
        const other = lanes.map((each, at) =>
          at !== i ? each : { ...each, items: each.items.map((one, index) => (index !== j ? one : { ...one, kind: 'changed' })) },
        );
        const { divergences } = compare(other, lanes);
        expect(divergences).toHaveLength(1);
        expect(divergences[0]).toMatchObject({ lane: lanes[i]?.name, from: lanes[i]?.from, index: j, field: 'kind' });
      }),
    );
  });

  test('swapping the sides swaps what is missing and what is extra', () => {
    fc.assert(
      fc.property(anyLanes, anyLanes, (a, b) => {
        const swap = (field: string): string => (field === 'missing' ? 'extra' : field === 'extra' ? 'missing' : field);
        const there = compare(a, b).divergences.map((each) => `${each.from} ${each.lane} ${each.index} ${each.field.split('.')[0]}`);
        const back = compare(b, a).divergences.map((each) => `${each.from} ${each.lane} ${each.index} ${swap(each.field).split('.')[0]}`);
        expect(there.map((each) => each.split(' ').slice(0, 3).join(' ')).sort()).toEqual(
          back.map((each) => each.split(' ').slice(0, 3).join(' ')).sort(),
        );
      }),
    );
  });

  test('missing, extra, another kind and another value are told apart', () => {
    const golden = [lane('main/a', [item('open'), item('data', { msg: 'x' })])];
    expect(compare([lane('main/a', [item('open')])], golden).divergences[0]).toMatchObject({ index: 1, field: 'missing' });
    expect(compare([lane('main/a', [item('open'), item('data', { msg: 'x' }), item('close')])], golden).divergences[0]).toMatchObject({
      index: 2,
      field: 'extra',
    });
    expect(compare([lane('main/a', [item('open'), item('close')])], golden).divergences[0]).toMatchObject({ field: 'kind' });
    expect(compare([lane('main/a', [item('open'), item('data', { msg: 'y' })])], golden).divergences[0]).toMatchObject({ field: 'msg' });
    expect(compare([], golden).divergences[0]).toMatchObject({ index: 0, field: 'missing' });
    expect(compare([...golden, lane('main/b', [item('open')])], golden).divergences[0]).toMatchObject({ lane: 'main/b', field: 'extra' });
  });

  test('a rule settles what it allows, is named, and settles nothing else', () => {
    const golden = [lane('main/a', [item('open'), item('close')])];
    const rules = [dropping('unused'), dropping('close')];
    expect(compare([lane('main/a', [item('open')])], golden, rules)).toEqual({ divergences: [], applied: ['drop-close'] });
    expect(compare([lane('main/a', [item('data')])], golden, rules)).toMatchObject({ divergences: [{ field: 'kind' }], applied: [] });
    expect(compare(golden, golden, rules).applied).toEqual([]);
  });
});

describe('the first difference of two values', () => {
  test.each([
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b'],
    [{ a: [1, 2] }, { a: [1, 3] }, 'a.1'],
    [{ a: 1 }, {}, 'a'],
    [1, '1', 'value'],
    [new Uint8Array([1]), new Uint8Array([2]), 'value'],
  ])('%j and %j differ at %s', (a, b, path) => {
    expect(firstDifference(a, b, '')?.path).toBe(path);
  });
});
