import { firstDifference } from '../judge/trace-diff.ts';
import type { FrameLine, StoryRow } from './result.ts';

/** A side's lines, each with what its frame says in normal form; undefined of what is no frame. */
export type Said = ReadonlyMap<FrameLine, unknown>;

/**
 * Rows in which frames of both sides that differ and yet read the same, since a summary leaves things out, name the first member in which
 * they differ, as `words` gives it: `POST /a (metadata.x differs)`. Each frame is held against the nearest such one of the other side.
 */
export function tellTwinsApart(rows: readonly StoryRow[], observed: Said, golden: Said, words: (text: string) => string): StoryRow[] {
  const told = new Map<FrameLine, FrameLine>();
  for (const [i, row] of rows.entries()) {
    const line = row.observed;
    if (line === undefined || row.golden !== undefined || !observed.has(line)) continue;
    const twins = rows.flatMap((other, j) => {
      const twin = other.observed === undefined ? other.golden : undefined;
      return twin?.summary === line.summary && twin.from === line.from && golden.has(twin) && !told.has(twin)
        ? [{ twin, far: Math.abs(i - j) }]
        : [];
    });
    const twin = twins.sort((a, b) => a.far - b.far)[0]?.twin;
    const path = twin === undefined ? undefined : firstDifference(observed.get(line), golden.get(twin), '')?.path;
    if (twin === undefined || path === undefined) continue;
    for (const each of [line, twin]) told.set(each, { ...each, summary: `${each.summary} (${words(path)} differs)` });
  }
  const toldOf = (line: FrameLine): FrameLine => told.get(line) ?? line;
  return rows.map((row) => ({
    ...row,
    ...(row.observed === undefined ? {} : { observed: toldOf(row.observed) }),
    ...(row.golden === undefined ? {} : { golden: toldOf(row.golden) }),
  }));
}
