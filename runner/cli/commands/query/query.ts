import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { jsonText } from '../../../../protocols/common/plain.ts';
import { labelOf } from '../../../../reporters/html/page.ts';
import { LONGEST_LEFT, readText } from '../../../files/read.ts';
import { readHistory } from '../../../matrix/history.ts';
import { MATRIX_FILES, readMatrix } from '../../../matrix/read.ts';
import { type Answer, ask } from '../../../query/ask.ts';
import { tableOfHistory } from '../../../query/of-history.ts';
import { tableOfMatrix } from '../../../query/of-matrix.ts';
import { tableOfResults } from '../../../query/of-results.ts';
import { QueryError, readQuery } from '../../../query/read.ts';
import type { VerdictTable } from '../../../query/table.ts';
import { tellAnswers } from '../../../query/tell.ts';
import { asUsage, EXIT, UsageError } from '../../exit.ts';
import { setsOf } from '../../page-sets.ts';

/** Options of `weir query`. */
export interface QueryOptions {
  readonly history: boolean;
  readonly json: boolean;
}

/** `weir query`: the case-runs of results or of a matrix that a query finds, a line each. Gives the exit code. */
export async function queryCommand(text: string, files: readonly string[], options: QueryOptions): Promise<number> {
  const query = asked(text);
  const table = tableOf(files, options);
  const answers = ask(table, query);
  const lines = options.json ? answers.map((answer) => jsonText(recordOf(table, answer))) : tellAnswers(table, answers);
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.ok;
}

function asked(text: string): ReturnType<typeof readQuery> {
  try {
    return readQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new UsageError(`the query: ${error.message}\n  ${text}\n  ${' '.repeat(error.at)}^`);
  }
}

function tableOf(files: readonly string[], { history }: QueryOptions): VerdictTable {
  const matrices = files.flatMap((file) => matrixFileOf(file) ?? []);
  if (matrices.length === 0) {
    if (history) throw new UsageError(`--history: ${files.join(', ')} is no matrix; only a matrix has a history (weir matrix --append)`);
    return tableOfResults(setsOf(files).map(({ results, label }) => ({ results, label: label ?? labelOf(results) })));
  }
  const [file = ''] = matrices;
  if (files.length > 1) throw new UsageError(`${file} is a matrix, and asked by itself; several results may stand beside each other`);
  const matrix = readOf(file);
  return history
    ? tableOfHistory(matrix, readHistory(readText(join(dirname(file), MATRIX_FILES.history), LONGEST_LEFT)))
    : tableOfMatrix(matrix);
}

/** The matrix that a path means, if it means one. */
function matrixFileOf(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return basename(path) === MATRIX_FILES.data ? path : undefined;
  const file = join(path, MATRIX_FILES.data);
  return existsSync(file) && !existsSync(join(path, 'results.json')) ? file : undefined;
}

function readOf(file: string): ReturnType<typeof readMatrix> {
  return asUsage(() => readMatrix(file));
}

function recordOf({ columns }: VerdictTable, { row: { cells, ...row }, columns: found }: Answer): Readonly<Record<string, unknown>> {
  return { ...row, cells: found.map((index) => ({ in: columns[index]?.id, ...cells[index] })) };
}
