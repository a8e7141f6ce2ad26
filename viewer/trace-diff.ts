import type { TraceReport } from '../runner/compare/grammar.ts';
import type { Alignment } from '../runner/results/alignment.ts';
import type { Side } from './model/evidence.ts';
import type { PieceId } from './page.ts';

/** The piece of a page that lays two traces beside each other: a `TraceDiff`. */
export const TRACE_DIFF_PIECE: PieceId = 'trace-diff';

/** Two traces, and how they differ. `observed` of the alignment is a, `golden` is b. */
export interface TraceDiff {
  /** Of the protocol. */
  readonly title: string;
  readonly report: TraceReport;
  readonly alignment: Alignment;
  readonly a: Side;
  readonly b: Side;
}
