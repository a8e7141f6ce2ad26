import type { Facet, Quantifier, Query } from './grammar.ts';
import type { VerdictCell, VerdictColumn, VerdictRow, VerdictTable } from './table.ts';

/** A case-run that a query finds, and the cells that it finds there. */
export interface Answer {
  readonly row: VerdictRow;
  /** Indexes of columns. */
  readonly columns: readonly number[];
}

/** A cell, and where it stands. */
interface Place {
  readonly row: VerdictRow;
  readonly cell: VerdictCell;
  readonly column: VerdictColumn;
}

/** The case-runs of a table with a cell that a query fits, in the table's order. */
export function ask({ columns, rows }: VerdictTable, query: Query): Answer[] {
  return rows.flatMap((row) => {
    const places = placesOf(row, columns);
    const decided = decide(query, places);
    const found = places.filter(([, place]) => holds(decided, place));
    return found.length === 0 ? [] : [{ row, columns: found.map(([index]) => index) }];
  });
}

type Placed = readonly [index: number, place: Place];

function placesOf(row: VerdictRow, columns: readonly VerdictColumn[]): Placed[] {
  return columns.flatMap((column, i): Placed[] => {
    const cell = row.cells[i];
    return cell === undefined ? [] : [[i, { row, cell, column }]];
  });
}

/** A query in which what concerns a case-run as a whole is decided. */
type Decided =
  | Extract<Query, { readonly kind: 'word' | 'facet' }>
  | { readonly kind: 'decided'; readonly holds: boolean }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Decided[] }
  | { readonly kind: 'not'; readonly of: Decided };

function decide(query: Query, places: readonly Placed[]): Decided {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { kind: query.kind, of: query.of.map((each) => decide(each, places)) };
    case 'not':
      return { kind: 'not', of: decide(query.of, places) };
    case 'quantified': {
      const of = decide(query.of, places);
      return { kind: 'decided', holds: counts(query.by, places.filter(([, place]) => holds(of, place)).length, places.length) };
    }
    case 'sequence': {
      const steps = query.of.map((each) => decide(each, places));
      return { kind: 'decided', holds: follows(steps, places) };
    }
    case 'facet':
      if (query.facet !== 'is' || !query.values.includes('different')) return query;
      return {
        kind: 'or',
        of: [
          { kind: 'decided', holds: isDifferent(places) },
          { ...query, values: query.values.filter((value) => value !== 'different') },
        ],
      };
    case 'word':
      return query;
  }
}

function counts(by: Quantifier, fit: number, all: number): boolean {
  switch (by.kind) {
    case 'some':
      return fit > 0;
    case 'all':
      return fit === all;
    case 'none':
      return fit === 0;
    case 'count':
      return fit >= by.least && fit <= by.most;
  }
}

/** Whether cells of one track that follow each other fit in turn. */
function follows(steps: readonly Decided[], places: readonly Placed[]): boolean {
  const tracks = new Map<string, Place[]>();
  for (const [, place] of places) tracks.set(place.column.track, [...(tracks.get(place.column.track) ?? []), place]);
  return [...tracks.values()].some((track) =>
    track.some((_, start) =>
      steps.every((step, i) => {
        const place = track[start + i];
        return place !== undefined && holds(step, place);
      }),
    ),
  );
}

/** Whether those that came to a verdict came to different ones. */
function isDifferent(places: readonly Placed[]): boolean {
  const judged = places.map(([, { cell }]) => cell.verdict).filter((verdict) => ['pass', 'question', 'warn', 'fail'].includes(verdict));
  return new Set(judged).size > 1;
}

function holds(query: Decided, place: Place): boolean {
  switch (query.kind) {
    case 'decided':
      return query.holds;
    case 'and':
      return query.of.every((each) => holds(each, place));
    case 'or':
      return query.of.some((each) => holds(each, place));
    case 'not':
      return !holds(query.of, place);
    case 'word':
      return `${place.row.id} ${place.row.title}`.toLowerCase().includes(query.word);
    case 'facet':
      return query.values.some((value) => fits(query.facet, value, place));
  }
}

function fits(facet: Facet, value: string, { row, cell, column }: Place): boolean {
  switch (facet) {
    case 'verdict':
      return cell.verdict === value;
    case 'implementation':
      return column.id === value || column.name === value;
    case 'version':
      return column.version === value;
    case 'area':
    case 'role':
    case 'binding':
      return row[facet] === value;
    case 'requirement':
      return row.requirements.includes(value) || cell.broken.includes(value);
    case 'broken':
      return cell.broken.includes(value);
    case 'cause':
      return cell.causes.some((cause) => cause.includes(value));
    case 'is':
      return standings(cell).includes(value);
  }
}

function standings({ flaky, known, verdict }: VerdictCell): string[] {
  const news = known === false && (verdict === 'fail' || verdict === 'error');
  return [...(flaky ? ['flaky'] : []), ...(known === true ? ['known'] : []), ...(news ? ['new'] : [])];
}
