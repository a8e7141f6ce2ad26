import type { Row } from './ladder.ts';

/** What of a ladder is shown. Empty lists let everything through. */
export interface LadderFilter {
  readonly streams: readonly string[];
  readonly kinds: readonly string[];
  readonly connections: readonly number[];
  readonly from: 'client' | 'server' | undefined;
  /** Looked for in summaries and application events. */
  readonly words: string;
  readonly steps: boolean;
  readonly application: boolean;
}

/** Everything. */
export const SHOW_ALL: LadderFilter = {
  streams: [],
  kinds: [],
  connections: [],
  from: undefined,
  words: '',
  steps: true,
  application: true,
};

/** Whether a filter leaves anything out. */
export function isNarrow(filter: LadderFilter): boolean {
  const { streams, kinds, connections, from, words, steps, application } = filter;
  return streams.length + kinds.length + connections.length > 0 || from !== undefined || words !== '' || !steps || !application;
}

/** The rows that a filter lets through; gaps say what they hide. */
export function shownRows(rows: readonly Row[], filter: LadderFilter): readonly Row[] {
  if (!isNarrow(filter)) return rows;
  const words = filter.words.toLowerCase();
  const framesOnly = filter.streams.length + filter.kinds.length > 0 || filter.from !== undefined || words !== '';
  // Of connections that none of the frames looked for is on, nothing is shown.
  const wanted = framesOnly
    ? new Set(rows.filter((row) => row.kind === 'frame' && lets(row, filter, words, framesOnly)).map(({ connection }) => connection))
    : undefined;
  const isAside = ({ kind, connection }: Row): boolean =>
    wanted !== undefined &&
    (kind === 'opened' || kind === 'closed' || kind === 'fault') &&
    connection !== undefined &&
    !wanted.has(connection);
  const shown: Row[] = [];
  let hidden = 0;
  for (const row of rows) {
    if (row.kind === 'gap') {
      const last = shown.at(-1);
      if (last !== undefined && last.kind !== 'gap') shown.push({ ...row, hidden });
      else if (last?.kind === 'gap') shown[shown.length - 1] = { ...last, ms: last.ms + row.ms, hidden: last.hidden + hidden };
      hidden = 0;
    } else if (!isAside(row) && lets(row, filter, words, framesOnly)) {
      shown.push(row);
      hidden = 0;
    } else hidden += 1;
  }
  if (shown.at(-1)?.kind === 'gap') shown.pop();
  return shown;
}

function lets(row: Row, filter: LadderFilter, words: string, framesOnly: boolean): boolean {
  if (filter.connections.length > 0 && row.connection !== undefined && !filter.connections.includes(row.connection)) return false;
  switch (row.kind) {
    case 'step':
      return filter.steps && !framesOnly;
    case 'application':
      if (!filter.application) return false;
      return words === '' ? !framesOnly : textOf(row).includes(words);
    case 'frame':
    case 'arrival': {
      const sent = row.kind === 'frame' ? row.record : row.sent;
      const from = row.kind === 'frame' ? row.record.from : row.way.other;
      if (filter.from !== undefined && from !== filter.from) return false;
      if (filter.kinds.length > 0 && !filter.kinds.includes(sent?.kind ?? '')) return false;
      if (filter.streams.length > 0 && !filter.streams.includes(sent?.stream ?? '')) return false;
      return words === '' || textOf(row).includes(words);
    }
    case 'opened':
    case 'closed':
    case 'fault':
    case 'closing':
    case 'gap':
      return true;
  }
}

function textOf(row: Row): string {
  switch (row.kind) {
    case 'frame':
    case 'arrival':
      return (row.record.summary ?? '').toLowerCase();
    case 'application':
      return JSON.stringify(row.record.event).toLowerCase();
    default:
      return '';
  }
}
