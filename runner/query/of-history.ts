import type { Past } from '../matrix/history.ts';
import type { Matrix } from '../results/matrix.ts';
import { verdictOf } from '../results/matrix-letters.ts';
import type { VerdictCell, VerdictColumn, VerdictTable } from './table.ts';

/**
 * What a matrix and those before it saw, as a table: a column for each version on each day, the oldest day first, so that a sequence goes through
 * the days of a version. Days of which a case was another then have no cell. The past knows verdicts, and nothing of what broke them.
 */
export function tableOfHistory(matrix: Matrix, past: readonly Past[]): VerdictTable {
  const versions = new Map(matrix.rows.map(({ id, name, version }) => [id, { name, version }]));
  const days = [...past.filter(({ madeAt }) => madeAt < matrix.madeAt), presentOf(matrix)];
  const columns = days.flatMap(({ madeAt, rows }) =>
    [...rows].flatMap(([id, letters]): { column: VerdictColumn; letters: ReadonlyMap<string, string> }[] => {
      const of = versions.get(id);
      return of === undefined ? [] : [{ column: { ...of, id: `${id} on ${madeAt.slice(0, 10)}`, track: id }, letters }];
    }),
  );
  return {
    columns: columns.map(({ column }) => column),
    rows: matrix.caseRuns.map(({ id, hash, area, role, binding, title, requirements }) => ({
      ...{ id, area, role, binding, title, requirements },
      cells: columns.map(({ letters }) => bareCell(letters.get(`${id} ${hash}`))),
    })),
  };
}

function presentOf({ madeAt, weir, caseRuns, rows }: Matrix): Past {
  const ran = rows.filter(({ state }) => state === 'ran');
  return {
    madeAt,
    weir,
    rows: new Map(ran.map((row) => [row.id, new Map(caseRuns.map(({ id, hash }, i) => [`${id} ${hash}`, row.verdicts[i] ?? '']))])),
  };
}

function bareCell(letter: string | undefined): VerdictCell | undefined {
  const verdict = verdictOf(letter);
  return verdict === undefined ? undefined : { verdict, broken: [], causes: [], flaky: false, known: undefined };
}
