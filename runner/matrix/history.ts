import * as z from 'zod';
import { EvidenceError } from '../bundles/evidence-error.ts';
import { parseJson } from '../files/json.ts';
import type { Matrix } from '../results/matrix.ts';
import { compareVerdicts, type MatrixChange } from '../results/matrix-changes.ts';
import { NOT_RUN } from '../results/matrix-letters.ts';

/**
 * `history.jsonl`: what earlier matrices saw, a line at a time, so that git keeps little. A line of case-runs whenever those have changed,
 * then a line for each matrix, whose rows hold a letter for each of the case-runs, or `=` where nothing has changed since the row was told last.
 */
export const historyLine = z.union([
  z.object({ caseRuns: z.array(z.string()).describe('Id and hash of the case, as in river/rpc/add@client+json 1f2e3d4c.') }),
  z.object({ madeAt: z.string(), weir: z.string(), rows: z.record(z.string(), z.string()) }),
]);

/** One matrix of the past: by row, by id of a case-run with its hash, the letter of the verdict. */
export interface Past {
  readonly madeAt: string;
  readonly weir: string;
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Verdicts of one history that are read: a row has one for each case-run whatever its line says, so few bytes can stand for many. */
const MOST_CELLS = 2 ** 24;

/** Reads a history, the oldest first. Throws an `EvidenceError` that names the line that is none. */
export function readHistory(text: string): Past[] {
  const past: Past[] = [];
  let ids: readonly string[] = [];
  let cells = 0;
  const last = new Map<string, ReadonlyMap<string, string>>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const read = lineOf(line, i + 1);
    if ('caseRuns' in read) ids = read.caseRuns;
    else {
      const rows = new Map<string, ReadonlyMap<string, string>>();
      cells += Object.values(read.rows).filter((letters) => letters !== '=').length * ids.length;
      if (cells > MOST_CELLS) throw new EvidenceError(`line ${i + 1}: a history of more than ${MOST_CELLS} verdicts`);
      for (const [row, letters] of Object.entries(read.rows)) {
        const told = letters === '=' ? last.get(row) : new Map(ids.map((id, at) => [id, letters[at] ?? NOT_RUN]));
        if (told === undefined) throw new EvidenceError(`line ${i + 1}: ${row} is as before, but was not told before`);
        last.set(row, told);
        rows.set(row, told);
      }
      past.push({ madeAt: read.madeAt, weir: read.weir, rows });
    }
  }
  return past;
}

/** The lines to put behind a history for what a matrix saw. */
export function historyLines(before: string, matrix: Matrix): string {
  const past = readHistory(before);
  const ids = idsOf(matrix);
  const lastIds = before
    .split('\n')
    .filter((line) => line.startsWith('{"caseRuns"'))
    .at(-1);
  const head = JSON.stringify({ caseRuns: ids });
  const isNewHead = head !== lastIds;
  const rows = Object.fromEntries(
    matrix.rows
      .filter(({ state }) => state === 'ran')
      .map((row) => {
        const last = past.findLast(({ rows: those }) => those.has(row.id))?.rows.get(row.id);
        const same = !isNewHead && last !== undefined && ids.every((id, i) => (last.get(id) ?? NOT_RUN) === (row.verdicts[i] ?? NOT_RUN));
        return [row.id, same ? '=' : row.verdicts];
      }),
  );
  return `${isNewHead ? `${head}\n` : ''}${JSON.stringify({ madeAt: matrix.madeAt, weir: matrix.weir, rows })}\n`;
}

/** What has changed in a matrix since it was seen first: the last change of each case-run of each row. What is flaky is left out. */
export function changesSince(past: readonly Past[], matrix: Matrix): MatrixChange[] {
  const ids = idsOf(matrix);
  return matrix.rows.flatMap((row) => {
    const seen = past.filter(({ rows, madeAt }) => rows.has(row.id) && madeAt < matrix.madeAt);
    if (seen.length === 0 || row.state !== 'ran') return [];
    const backwards = [...seen].reverse();
    return matrix.caseRuns.flatMap(({ id }, i): MatrixChange[] => {
      if (Object.hasOwn(row.rates, i)) return [];
      const now = row.verdicts[i] ?? NOT_RUN;
      const hashed = ids[i] ?? '';
      let since = matrix.madeAt;
      for (const [back, one] of backwards.entries()) {
        const letters = one.rows.get(row.id);
        const own = letters?.get(hashed);
        if (own === now) {
          since = one.madeAt;
          continue;
        }
        const other = own ?? otherOf(letters, id);
        if (other === undefined) return [];
        if (other === now) return [];
        const way = compareVerdicts(other, now);
        if (own !== undefined && way === 0) return [];
        const change = { row: row.id, id, since, before: other, now };
        if (own === undefined) return [{ ...change, kind: 'corpus' }];
        const wasSoBefore = backwards
          .slice(back + 1)
          .some(({ rows }) => compareVerdicts(rows.get(row.id)?.get(hashed) ?? NOT_RUN, other) === -way);
        return [{ ...change, kind: wasSoBefore ? 'flips' : way < 0 ? 'worse' : 'better' }];
      }
      return [];
    });
  });
}

/** The verdict of a case-run whose case has changed since. */
function otherOf(letters: ReadonlyMap<string, string> | undefined, id: string): string | undefined {
  for (const [hashed, letter] of letters ?? []) if (hashed.startsWith(`${id} `)) return letter;
  return undefined;
}

function idsOf({ caseRuns }: Matrix): string[] {
  return caseRuns.map(({ id, hash }) => `${id} ${hash}`);
}

function lineOf(line: string, number: number): z.infer<typeof historyLine> {
  try {
    return historyLine.parse(parseJson(line));
  } catch {
    throw new EvidenceError(`line ${number} is none of a history`);
  }
}
