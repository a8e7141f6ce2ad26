import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { readContext } from '../bundles/format.ts';
import type { Recorded } from '../bundles/recorded.ts';
import { readEvents } from '../bundles/records.ts';
import { laneKinds } from '../execute/settle.ts';
import { alignTraces } from '../judge/alignment.ts';
import { compareTraces } from '../judge/trace-diff.ts';
import type { Masker } from '../masking/masker.ts';
import type { Alignment } from '../results/alignment.ts';
import type { TraceReport } from './grammar.ts';

/** A frame of one of the traces. */
type Place = TraceReport['onlyInA'][number];

/**
 * Lays two recorded traces beside each other as the judge lays an observed one beside the golden one: in normal form, stream by
 * stream and direction by direction, with what the protocol allows to differ set aside. They may be of two bindings. Throws an
 * `EvidenceError` where one cannot be judged.
 */
export function compareRecorded(
  a: Recorded,
  b: Recorded,
  protocol: Protocol,
  masker: Masker,
): { readonly report: TraceReport; readonly alignment: Alignment } {
  const [left, right] = [normalFormOf(a, protocol), normalFormOf(b, protocol)];
  const kinds = [left, right].map(({ calls }) => laneKinds(calls));
  const kindOf = (lane: string): string | undefined => kinds[0]?.(lane) ?? kinds[1]?.(lane);
  const mask = (value: unknown): unknown => masker.kept(value, protocol.secretPaths(value, masker.keys));
  const alignment = alignTraces(left.normalised, right.normalised, protocol.variations, kindOf, mask);
  const { pairs, alone } = alignment;
  const { applied } = compareTraces(left.normalised, right.normalised, protocol.variations, kindOf);
  const [inA, inB] = [placesOf(a, left.normalised), placesOf(b, right.normalised)];
  const differing = pairs.flatMap(({ observed, golden, differs }) => {
    if (differs === undefined) return [];
    const [mine, theirs] = [inA(observed), inB(golden)];
    const members = differs.map(({ path, observed: x, golden: y }) => ({ path, a: x, b: y }));
    const { stream, from } = mine;
    return [{ stream, from, a: { n: mine.n, summary: mine.summary }, b: { n: theirs.n, summary: theirs.summary }, members }];
  });
  const report: TraceReport = {
    schema: 'weir-diff/1',
    of: 'traces',
    a: sideOf(a, left.normalised),
    b: sideOf(b, right.normalised),
    same: pairs.length - differing.length,
    variations: [...applied],
    differing: differing.toSorted((x, y) => x.a.n - y.a.n),
    onlyInA: alone.observed.map(inA).toSorted(byPlace),
    onlyInB: alone.golden.map(inB).toSorted(byPlace),
  };
  return { report, alignment };
}

function normalFormOf({ file, facts, calls, binding, records, closing }: Recorded, protocol: Protocol) {
  const context = readContext({ facts, calls }, file);
  const trace = readEvents(records, protocol, binding, file).slice(0, closing);
  return { ...context, normalised: protocol.normalise(trace, context.calls, context.facts) };
}

/** Finds a frame by `n`, with the lane that it is on. */
function placesOf({ records }: Recorded, { lanes }: NormalisedTrace): (n: number) => Place {
  const laneOf = new Map(lanes.flatMap((lane) => lane.items.flatMap(({ events }) => events.map((n) => [n, lane] as const))));
  return (n) => {
    const record = records[n];
    const summary = record?.type === 'sent' ? (record.summary ?? '') : '';
    const lane = laneOf.get(n);
    return { stream: lane?.name ?? '', from: lane?.from ?? 'client', n, summary };
  };
}

function sideOf({ file, run, binding }: Recorded, { lanes }: NormalisedTrace): TraceReport['a'] {
  const frames = lanes.reduce((sum, { items }) => sum + items.reduce((inner, { events }) => inner + events.length, 0), 0);
  return { file, run, binding, frames };
}

function byPlace(x: Place, y: Place): number {
  return x.n - y.n;
}
