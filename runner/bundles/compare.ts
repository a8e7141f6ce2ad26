import { sameValue } from '../../protocols/common/value.ts';

/** The first place where two recorded traces are not the same. */
export interface RecordDifference {
  /** Index of the event. */
  readonly n: number;
  readonly before: object | undefined;
  readonly now: object | undefined;
}

/** What is written of a frame for pages: another Weir may word it otherwise, or not write it. */
const WORDS = ['summary', 'kind', 'stream', 'fields'] as const;

/** Compares two recorded traces event by event, times and ids and all; undefined where they are identical. */
export function firstRecordDifference(before: readonly object[], now: readonly object[]): RecordDifference | undefined {
  for (let n = 0; n < Math.max(before.length, now.length); n += 1) {
    if (!sameValue(withoutWords(before[n]), withoutWords(now[n]))) return { n, before: before[n], now: now[n] };
  }
  return undefined;
}

function withoutWords(record: object | undefined): object | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.entries(record).filter(([key]) => !WORDS.some((word) => word === key)));
}

/** An event of a recorded trace in one line, for people. */
export function describeRecord(record: object | undefined): string {
  if (record === undefined) return 'nothing';
  const { summary, type, t } = record as { summary?: unknown; type?: unknown; t?: unknown };
  const when = typeof t === 'number' ? ` at ${t.toFixed(3)} ms` : '';
  return typeof summary === 'string' ? `${String(type)} ${summary}${when}` : JSON.stringify(record);
}
