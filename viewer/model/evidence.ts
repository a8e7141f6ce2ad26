import type { Bundle, TraceHead } from '../../runner/bundles/format.ts';
import type { TraceRecordRead } from '../../runner/bundles/records.ts';
import type { Alignment } from '../../runner/results/alignment.ts';

/** A recorded trace, ready to be drawn. */
export interface Side {
  readonly records: readonly TraceRecordRead[];
  /** Real ms per nominal ms. */
  readonly timeScale: number;
  /** How many records there were when Weir began to take things down. */
  readonly closing: number;
}

/** What a bundle or a trace file shows. */
export interface Evidence {
  readonly observed: Side | undefined;
  readonly golden: Side | undefined;
  /** Why there is no golden trace; undefined where there is one, or none that could be missed. */
  readonly goldenMissing: string | undefined;
  readonly alignment: Alignment | undefined;
  /** How many secrets are masked in it, where it says so. */
  readonly secrets?: number;
}

/** Reads a published file, which was checked when it was written. Throws a SyntaxError where it is not JSON. */
export function readEvidence(text: string, form: 'bundle' | 'trace'): Evidence {
  return form === 'bundle' ? ofBundle(JSON.parse(text) as Bundle) : ofTrace(text);
}

function ofBundle({ observed, golden, timeScale, masked }: Bundle): Evidence {
  const goldenTrace = golden.ok ? recordsOf(golden.trace) : [];
  return {
    observed: observed === undefined ? undefined : { records: recordsOf(observed.trace), timeScale, closing: observed.closing },
    golden: goldenTrace.length === 0 ? undefined : { records: goldenTrace, timeScale: 1, closing: goldenTrace.length },
    goldenMissing: golden.ok ? (goldenTrace.length === 0 ? 'it is too long to be kept' : undefined) : golden.reason,
    alignment: golden.ok ? golden.alignment : undefined,
    ...(masked === undefined ? {} : { secrets: masked.count }),
  };
}

function ofTrace(text: string): Evidence {
  const [first = '', ...lines] = text.split('\n');
  const head = JSON.parse(first) as TraceHead;
  const records = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TraceRecordRead]));
  return {
    observed: { records, timeScale: head.timeScale, closing: head.closing },
    golden: undefined,
    // What a tap saw is of no case, so that there is nothing beside it.
    goldenMissing:
      head.case === undefined
        ? undefined
        : 'a trace file holds what was observed; the bundle of a run that did not pass holds the golden trace too',
    alignment: undefined,
  };
}

function recordsOf(trace: Bundle['observed'] extends infer O ? (O extends { trace: infer T } ? T : never) : never): TraceRecordRead[] {
  // Records of a bundle have the grammar of those of a trace file.
  return trace as unknown as TraceRecordRead[];
}

/** By step the `n` of the event that it begins with. */
export function rowsOfSteps(evidence: Evidence | undefined): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const record of evidence?.observed?.records ?? []) {
    if (record.type === 'step' && record.phase === 'begin' && !rows.has(record.step)) rows.set(record.step, record.n);
  }
  return rows;
}
