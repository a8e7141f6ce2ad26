import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { jsonText } from '../../../../protocols/common/plain.ts';
import { badgeOf, badgeSvg } from '../../../../reporters/badge.ts';
import type { EvidenceFiles } from '../../../../reporters/html/evidence.ts';
import { evidenceOnDisk, readAssets } from '../../../../reporters/html/html.ts';
import { matrixPage } from '../../../../reporters/html/matrix-page.ts';
import { pageOf, type SetOfResults } from '../../../../reporters/html/page.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { LONGEST_LEFT, readText } from '../../../files/read.ts';
import { writeWholeLater } from '../../../files/write.ts';
import { changesSince, historyLines, readHistory } from '../../../matrix/history.ts';
import { matrixMarkdown } from '../../../matrix/markdown.ts';
import { MATRIX_FILES } from '../../../matrix/read.ts';
import type { RowOutcome, RowSubject } from '../../../matrix/row.ts';
import { packageRoot } from '../../../package-root.ts';
import type { Matrix } from '../../../results/matrix.ts';
import type { MatrixChange } from '../../../results/matrix-changes.ts';
import { columnOf } from '../../../results/matrix-column.ts';
import type { CaseRun, Glossary, Results } from '../../../results/result.ts';
import { VIEWER } from '../../reports.ts';

/** Most characters that the traces behind a matrix take: pages are kept in a repository. */
const EVIDENCE_BOUND = 2 * 1024 * 1024;

/** A row with the folder of its evidence. */
export interface WrittenRow {
  readonly subject: RowSubject;
  readonly outcome: RowOutcome;
  readonly folder: string;
}

/** The lines of the history in the folder of a matrix, which may be none. */
export function historyIn(folder: string): string {
  const file = join(folder, MATRIX_FILES.history);
  return existsSync(file) ? readText(file, LONGEST_LEFT) : '';
}

/**
 * Writes data, Markdown, pages and badges of a matrix into a folder; with `append` also its history, behind what was there before. Gives the files,
 * and what changed since earlier matrices.
 */
export async function writeMatrix(
  matrix: Matrix,
  rows: readonly WrittenRow[],
  folder: string,
  { before, append }: { readonly before: string; readonly append: boolean },
): Promise<{ readonly files: readonly string[]; readonly changes: readonly MatrixChange[] }> {
  makeFolder(join(folder, 'badges'));
  const written: string[] = [];
  const write = async (name: string, text: string | Iterable<string>): Promise<void> => {
    const file = join(folder, name);
    await writeWholeLater(file, text);
    written.push(file);
  };
  await write(MATRIX_FILES.data, `${jsonText(matrix, 1)}\n`);
  await write(MATRIX_FILES.text, matrixMarkdown(matrix));
  const changes = changesSince(readHistory(before), matrix);
  if (append) await write(MATRIX_FILES.history, before + historyLines(before, matrix));
  const sets = rows.flatMap((row, i) => evidenceOf(row, i));
  const assets = await readAssets(VIEWER);
  const shown = sets.flatMap(({ set, row }) => (set.results.runs.length > 0 ? [{ set, row }] : []));
  if (shown.length > 0)
    await write(
      MATRIX_FILES.evidence,
      await pageOf(
        shown.map(({ set }) => set),
        { assets, files: published, bound: EVIDENCE_BOUND },
      ),
    );
  const evidence = Object.fromEntries(shown.map(({ row }, set) => [row, set]));
  await write(MATRIX_FILES.page, await matrixPage({ matrix, changes, evidence }, assets));
  for (const { subject, outcome } of rows) {
    if (outcome.results === undefined) continue;
    for (const role of subject.roles) {
      if (!outcome.results.runs.some((run) => run.role === role)) continue;
      const badge = badgeOf(role, outcome.results);
      const name = join('badges', `${subject.id.replaceAll(/[^\w.@-]+/g, '_')}-${role}`);
      await writeWholeLater(join(folder, `${name}.json`), `${jsonText(badge, 2)}\n`);
      await writeWholeLater(join(folder, `${name}.svg`), badgeSvg(badge));
    }
  }
  written.push(join(folder, 'badges'));
  return { files: written, changes };
}

/** Evidence without the places of this machine: pages are published. */
const published: EvidenceFiles = {
  size: evidenceOnDisk.size,
  read: async (path) => Buffer.from(withoutPlaces(Buffer.from(await evidenceOnDisk.read(path)).toString('utf8'))),
};

function withoutPlaces(text: string): string {
  return text.replaceAll(`${packageRoot()}/`, '').replaceAll(`${homedir()}/`, '~/');
}

/** The case-runs of a row that did not pass, as a set of the page with the traces. */
function evidenceOf({ subject, outcome, folder }: WrittenRow, row: number): { readonly set: SetOfResults; readonly row: number }[] {
  const { results } = outcome;
  if (results === undefined) return [];
  const failing = results.runs.filter(({ findings }) => findings.length > 0);
  const runs = JSON.parse(withoutPlaces(JSON.stringify(failing))) as CaseRun[];
  const label = `${subject.title} ${columnOf(subject)}`;
  return [{ row, set: { results: { ...results, runs, ...glossaryFor(results, runs) }, folder: relative(process.cwd(), folder), label } }];
}

/** The words of these case-runs alone. */
function glossaryFor({ glossary }: Results, runs: readonly CaseRun[]): { glossary?: Glossary } {
  if (glossary === undefined) return {};
  const ids = new Set(runs.map((run) => run.case));
  const cases = Object.fromEntries(Object.entries(glossary.cases).filter(([id]) => ids.has(id)));
  const names = new Set(Object.values(cases).map(({ file }) => file));
  return {
    glossary: { ...glossary, cases, files: Object.fromEntries(Object.entries(glossary.files).filter(([file]) => names.has(file))) },
  };
}
