import type { Row } from './ladder.ts';

/** A connection as a band beside the ladder: from its first row to its last. */
export interface Band {
  readonly connection: number;
  /** Column among the bands, so that those that overlap lie side by side. */
  readonly track: number;
  /** Indices of rows. */
  readonly from: number;
  readonly to: number;
}

/** Bands that are drawn side by side at most; more share the last column. */
const MOST_TRACKS = 6;

/** The bands of a ladder, by where they begin. */
export function bandsOf(rows: readonly (Row | undefined)[]): Band[] {
  const spans = new Map<number, { from: number; to: number }>();
  rows.forEach((row, index) => {
    if (row?.connection === undefined) return;
    const span = spans.get(row.connection);
    if (span === undefined) spans.set(row.connection, { from: index, to: index });
    else span.to = index;
  });
  const ends: number[] = [];
  return [...spans]
    .sort(([, a], [, b]) => a.from - b.from)
    .map(([connection, { from, to }]) => {
      const free = ends.findIndex((end) => end < from);
      const track = Math.min(free < 0 ? ends.length : free, MOST_TRACKS - 1);
      ends[track] = Math.max(ends[track] ?? 0, to);
      return { connection, track, from, to };
    });
}

/** For each row the bands that pass it. */
export function bandsByRow(bands: readonly Band[], rows: number): readonly (readonly Band[])[] {
  const passing: Band[][] = Array.from({ length: rows }, () => []);
  for (const band of bands) for (let i = band.from; i <= band.to; i += 1) passing[i]?.push(band);
  return passing;
}

/** Frames that the proxy holds while a row passes: for each row, in which directions. */
export function heldByRow(rows: readonly (Row | undefined)[]): readonly { readonly client: boolean; readonly server: boolean }[] {
  const byN = new Map<number, number>();
  rows.forEach((row, index) => {
    if (row !== undefined) byN.set(row.n, index);
  });
  const held = rows.map(() => ({ client: false, server: false }));
  rows.forEach((row, index) => {
    if (row?.kind !== 'arrival' || row.sent === undefined || row.again) return;
    const from = byN.get(row.sent.n);
    if (from === undefined) return;
    for (let i = from; i < index; i += 1) {
      const cell = held[i];
      if (cell !== undefined && row.sent.from !== 'broker') cell[row.sent.from] = true;
    }
  });
  return held;
}
