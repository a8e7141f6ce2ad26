import { oneLine } from '../../protocols/common/plain.ts';
import type { Answer } from './ask.ts';
import type { VerdictTable } from './table.ts';

/** Implementations that are named behind one verdict; the rest are counted. */
const NAMED = 6;

/** What a query found, a line a case-run: its id, then who made what of it, and where one only was asked, why. */
export function tellAnswers({ columns, rows }: VerdictTable, answers: readonly Answer[]): string[] {
  const width = Math.max(0, ...answers.map(({ row }) => row.id.length));
  const lines = answers.map(({ row, columns: found }) => {
    const byVerdict = new Map<string, string[]>();
    for (const index of found) {
      const [cell, column] = [row.cells[index], columns[index]];
      if (cell === undefined || column === undefined) continue;
      byVerdict.set(cell.verdict, [...(byVerdict.get(cell.verdict) ?? []), `${column.id}${cell.flaky ? ' (flaky)' : ''}`]);
    }
    const said = [...byVerdict].map(([verdict, who]) => (columns.length === 1 ? verdict : `${verdict}: ${listed(who)}`)).join('; ');
    const [only] = found.length === 1 ? found : [];
    const cause = only === undefined ? undefined : row.cells[only]?.causes[0];
    return oneLine(`${row.id.padEnd(width)}  ${said}${cause === undefined ? '' : `  ${cause}`}`);
  });
  return [...lines, `${answers.length} of ${rows.length} case-runs`];
}

function listed(who: readonly string[]): string {
  const left = who.length - NAMED;
  return `${who.slice(0, NAMED).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
