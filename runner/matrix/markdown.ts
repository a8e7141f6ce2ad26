import { oneLine } from '../../protocols/common/plain.ts';
import { isMust } from '../results/keeping.ts';
import type { Matrix, MatrixRow } from '../results/matrix.ts';
import { changesOf } from '../results/matrix-changes.ts';
import { columnOf } from '../results/matrix-column.ts';
import { gridOf } from '../results/matrix-grid.ts';
import { type Tally, tallyOf, tallyOfCounts, troubleOf } from '../results/matrix-tally.ts';

/** The matrix as a page of Markdown: a table of rows and areas, what each mark means, and what each version changed. */
export function matrixMarkdown(matrix: Matrix): string {
  const areas = [...new Set(matrix.caseRuns.map(({ area }) => area))];
  const head = ['implementation', 'version', 'MUST kept', ...areas];
  const rows = matrix.rows.map((row) => [
    name(row),
    words(columnOf(row)),
    musts(matrix, row),
    ...areas.map((area) => cell(matrix, row, area)),
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const apart = matrix.rows
    .filter(({ reason }) => reason !== undefined)
    .map((row) => `- ${name(row)} ${words(columnOf(row))}: ${STATES[row.state]}: ${words((row.reason ?? '').split('\n')[0] ?? '')}`);
  const changed = changesOf(matrix).map(
    ({ row, before, fixed, broken }) =>
      `- ${name(row)} ${words(columnOf(row))} after ${words(columnOf(before))}: ${fixed.length} case-runs mended, ${broken.length} broken`,
  );
  return [
    `# ${words(matrix.title)}: who passes what`,
    '',
    `Made on ${matrix.madeAt.slice(0, 10)} by Weir ${words(matrix.weir)}: ${matrix.caseRuns.length} case-runs, ${Object.keys(matrix.requirements).length} requirements. \`matrix.html\` beside this opens each cell down to the frames.`,
    '',
    table,
    '',
    'A cell is the share of its case-runs that passed of those that came to a verdict, rounded down. ✕ a MUST is broken, ▲ a SHOULD is broken, ? a disputed rule is (a question), ≈ not always the same verdict, ! an error or unclear; – nothing of it is supported, · nothing of it was run. Known failures count like any.',
    ...(apart.length === 0 ? [] : ['', '## Not run, or not to the end', '', ...apart]),
    ...pairsOf(matrix),
    ...(changed.length === 0 ? [] : ['', '## What versions changed', '', ...changed]),
    '',
  ].join('\n');
}

/** Who gets on with whom: a row for each client, a column for each server. */
function pairsOf({ pairs, rows }: Matrix): string[] {
  if (pairs === undefined) return [];
  const { clients, servers, at } = gridOf(pairs.all);
  const titled = (id: string): string => {
    const row = rows.find((each) => each.id === id);
    return row === undefined ? words(id) : `${name(row)} ${words(columnOf(row))}`;
  };
  const cells = clients.map((client) => [
    titled(client),
    ...servers.map((server) => {
      const pair = at(client, server);
      return pair === undefined ? '·' : pair.state === 'ran' ? shown(tallyOfCounts(pair.counts)) : STATES[pair.state];
    }),
  ]);
  const head = ['client \\ server', ...servers.map(titled)];
  const causes = pairs.all.flatMap(({ client, server, causes: [first] }) =>
    first === undefined ? [] : [`- ${titled(client)} with ${titled(server)}: ${first.runs} case-runs: ${words(first.message)}`],
  );
  return [
    '',
    '## With one another',
    '',
    `Each as client of each other one, no reference peer between them, in ${pairs.selection.map(words).join(', ')}. Whichever end broke a rule; of what is no pass, the most frequent cause below.`,
    '',
    ...[head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`),
    ...(causes.length === 0 ? [] : ['', ...causes]),
  ];
}

const STATES = { ran: 'ran', 'not-set-up': 'not set up', 'not-finished': 'not finished' } as const;

function name({ title }: MatrixRow): string {
  return words(title);
}

/** `58 of 61`, for each role. */
function musts({ requirements }: Matrix, { kept, rates: _ }: MatrixRow): string {
  const told = (['client', 'server'] as const).flatMap((role) => {
    const own = kept[role];
    if (own === undefined) return [];
    const states = Object.entries(own)
      .filter(([id]) => isMust(requirements[id]?.level ?? ''))
      .map(([, state]) => state);
    const examined = states.filter((state) => state === 'kept' || state === 'broken' || state === 'flaky').length;
    return [`${role} ${states.filter((state) => state === 'kept').length} of ${examined}`];
  });
  return told.join(', ') || '–';
}

function cell(matrix: Matrix, row: MatrixRow, area: string): string {
  return shown(tallyOf(matrix, row, area));
}

function shown(tally: Tally): string {
  if (tally.total === tally.skip) return tally.skip > 0 ? '–' : '·';
  if (tally.judged === 0) return tally.error > 0 ? '!' : tally.skip > 0 ? '–' : '·';
  const marks = troubleOf(tally).map((kind) => MARKS[kind]);
  return [`${Math.floor((tally.pass * 100) / tally.judged)} %`, ...marks].join(' ');
}

const MARKS = { fail: '✕', warn: '▲', question: '?', flaky: '≈', error: '!' } as const;

function words(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>|#&]/g, (character) =>
    character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
  );
}
