import { EvidenceError } from './evidence-error.ts';
import { isTraceFile, readBundle, readTraceFile, type TraceHead } from './format.ts';
import { readRecords, type TraceRecordRead } from './records.ts';

/** A recorded trace as a file holds it, whether that is a trace or a bundle. */
export interface Recorded {
  /** Path of the file, for people. */
  readonly file: string;
  readonly protocol: string;
  /** Id of the case-run. */
  readonly run: string;
  readonly binding: string;
  /** Real ms per nominal ms. */
  readonly timeScale: number;
  /** How many events there were when Weir began to take things down. */
  readonly closing: number;
  readonly facts: TraceHead['facts'];
  readonly calls: TraceHead['calls'];
  readonly records: readonly TraceRecordRead[];
}

/** Whether a text is a bundle. */
export function isBundle(text: string): boolean {
  return /^\s*\{\s*"schema":\s*"weir-bundle\//.test(text.slice(0, 200));
}

/** The trace of a trace file, or the one that a bundle observed. Throws an `EvidenceError` where there is none. */
export function recordedIn(file: string, text: string): Recorded {
  if (isTraceFile(text)) {
    const { head, records } = readTraceFile(file, text);
    const { protocol, run, binding, timeScale, closing, facts, calls } = head;
    return { file, protocol, run, binding, timeScale, closing, facts, calls, records: readRecords(records, file) };
  }
  const { protocol, run, binding, timeScale, observed } = readBundle(file, text);
  if (observed === undefined) throw new EvidenceError(`${file}: the run failed before anything could be seen, so there is no trace in it`);
  const { closing, facts, calls, trace } = observed;
  return { file, protocol, run, binding, timeScale, closing, facts, calls, records: readRecords(trace, file) };
}
