import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { LONGEST_LEFT, readText } from '../../../files/read.ts';
import { hashesOf } from '../../../matrix/hash.ts';
import { matrixMarkdown } from '../../../matrix/markdown.ts';
import { MATRIX_FILES, readMatrix } from '../../../matrix/read.ts';
import { chooseRuns } from '../../../plan/choose.ts';
import { plan } from '../../../plan/plan.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import { registry } from '../../../registry.ts';
import type { Matrix } from '../../../results/matrix.ts';
import { EXIT } from '../../exit.ts';
import { loadProtocol } from '../../load.ts';

/** Share of the case-runs of today that a matrix may lack, or have of a case that has changed, before it is one of another corpus. */
const MOST_ASTRAY = 0.1;
/** Ms of a day. */
const DAY = 86_400_000;

/**
 * Holds the matrix of each protocol (none named: of each that is there, one at least) against the corpus as it stands, and says how old it is. Exit code 1 where one is not there or is
 * none, where its pages are not of its data, where it names cases or rules that are no more, or where more than a tenth of the corpus is newer.
 */
export async function checkMatrix(protocols: readonly string[], output: string): Promise<number> {
  let code: number = EXIT.ok;
  const there = Object.keys(registry).filter((name) => existsSync(join(output, name, MATRIX_FILES.data)));
  if (protocols.length === 0 && there.length === 0) {
    process.stdout.write(`no matrix in ${oneLine(output)}: npm run matrix makes them\n`);
    return EXIT.findings;
  }
  for (const name of protocols.length > 0 ? protocols : there) {
    const { problems, says } = await examine(name, join(output, name));
    process.stdout.write(`${oneLine(says)}\n`);
    for (const problem of problems) process.stdout.write(`  ${oneLine(problem)}\n`);
    if (problems.length > 0) code = EXIT.findings;
  }
  return code;
}

async function examine(name: string, folder: string): Promise<{ readonly problems: readonly string[]; readonly says: string }> {
  const file = join(folder, MATRIX_FILES.data);
  if (!existsSync(file)) return { says: `${name}: no matrix in ${folder}`, problems: ['npm run matrix makes it'] };
  let matrix: Matrix;
  try {
    matrix = readMatrix(file);
  } catch (error) {
    return { says: `${name}: nothing to hold against the corpus`, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const { protocol, corpus } = await loadProtocol(name, matrix.selection);
  const reference = referenceFacts(protocol);
  const possible = plan(
    corpus,
    { patterns: matrix.selection },
    { underTest: reference, peer: reference },
    { bindings: bindingNames(protocol) },
  );
  // As rows are run: each value of a table once.
  const { planned: today } = chooseRuns(possible, 'smoke');
  const known = new Map(matrix.caseRuns.map((each) => [each.id, each.hash]));
  const ids = new Set(possible.map(({ id }) => id));
  const gone = matrix.caseRuns.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  const hashOf = hashesOf(corpus.cases);
  const fresh = today.filter(({ id }) => !known.has(id)).length;
  const changed = possible.filter((run) => known.has(run.id) && known.get(run.id) !== hashOf(run.case.id)).length;
  const lost = Object.keys(matrix.requirements).filter((id) => !corpus.requirements.has(id));
  const texts = [MATRIX_FILES.page, MATRIX_FILES.text].filter((each) => !existsSync(join(folder, each)));
  const text = join(folder, MATRIX_FILES.text);
  const days = Math.floor((Date.now() - Date.parse(matrix.madeAt)) / DAY);
  const astray = (fresh + changed + gone.length) / Math.max(1, today.length);
  return {
    says: `${matrix.title}: ${matrix.rows.length} rows, ${days === 0 ? 'made today' : `${days} days old`}; since then ${fresh} case-runs are new, of ${changed} the case has changed, ${gone.length} are gone`,
    problems: [
      ...(astray > MOST_ASTRAY ? [`that is ${Math.round(astray * 100)} % of the corpus: npm run matrix makes it anew`] : []),
      ...(lost.length > 0 ? [`it names requirements that are no more: ${lost.slice(0, 5).join(', ')}`] : []),
      ...texts.map((each) => `${join(folder, each)} is not there`),
      ...(existsSync(text) && readText(text, LONGEST_LEFT) !== matrixMarkdown(matrix) ? [`${text} is not what ${file} says`] : []),
    ],
  };
}
