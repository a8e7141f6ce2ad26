import { oneLine } from '../../protocols/common/plain.ts';
import { isMust } from '../results/keeping.ts';
import type { Matrix, MatrixRow } from '../results/matrix.ts';
import { changesOf } from '../results/matrix-changes.ts';
import { type Tally, tallyOf, troubleOf } from '../results/matrix-tally.ts';

/** The matrix as a page of Markdown: a table of rows and areas, what each mark means, and what each version changed. */
export function matrixMarkdown(matrix: Matrix): string {
  const areas = [...new Set(matrix.caseRuns.map(({ area }) => area))];
  const head = ['implementation', 'version', 'MUST kept', ...areas];
  const rows = matrix.rows.map((row) => [
    name(row),
    words(row.version),
    musts(matrix, row),
    ...areas.map((area) => cell(matrix, row, area)),
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const apart = matrix.rows
    .filter(({ reason }) => reason !== undefined)
    .map((row) => `- ${name(row)} ${words(row.version)}: ${STATES[row.state]}: ${words((row.reason ?? '').split('\n')[0] ?? '')}`);
  const changed = changesOf(matrix).map(
    ({ row, before, fixed, broken }) =>
      `- ${name(row)} ${words(row.version)} after ${words(before.version)}: ${fixed.length} case-runs mended, ${broken.length} broken`,
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
    ...(changed.length === 0 ? [] : ['', '## What versions changed', '', ...changed]),
    '',
  ].join('\n');
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
