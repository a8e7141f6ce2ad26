import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { basisOf } from '../../../matrix/basis.ts';
import { buildMatrix } from '../../../matrix/build.ts';
import { type Choice, parseChoices } from '../../../matrix/choice.ts';
import { hashesOf } from '../../../matrix/hash.ts';
import { changesSince, readHistory } from '../../../matrix/history.ts';
import { runPairs } from '../../../matrix/pairs.ts';
import type { RowOutcome } from '../../../matrix/row.ts';
import { type RanRow, type RowRunning, runAgain, runRow } from '../../../matrix/run-row.ts';
import { sideBySide } from '../../../matrix/side-by-side.ts';
import type { Subject } from '../../../matrix/subjects.ts';
import { builtMain, packageVersion } from '../../../package-root.ts';
import { registry } from '../../../registry.ts';
import { ruleOf } from '../../../results/glossary.ts';
import type { Matrix } from '../../../results/matrix.ts';
import { changesOf } from '../../../results/matrix-changes.ts';
import { columnOf } from '../../../results/matrix-column.ts';
import { tallyOf } from '../../../results/matrix-tally.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { awaitEnding } from '../../interrupt.ts';
import { entryOf, loadProtocol } from '../../load.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { readResults } from '../../results-file.ts';
import { checkMatrix } from './check.ts';
import type { MatrixOptions } from './options.ts';
import { rowsOf } from './rows.ts';
import { testsOf } from './tests-of.ts';
import { historyIn, writeMatrix } from './write.ts';

/** The built command line, in whose processes rows are run. */
const MAIN = builtMain();

/** Exit code where the time was over before all was run: as after Ctrl-C. */
const LATE = 130;

/**
 * `weir matrix`: runs every row of each protocol and writes what came of it. Exit code 1 where the reference pair is not all green; 130, or
 * that of the signal, where it was ended before all was run, which the same command then goes on with.
 */
export async function matrixCommand(protocols: readonly string[], options: MatrixOptions): Promise<number> {
  if (options.check) return checkMatrix(protocols, options.output);
  const choices = options.choice === undefined ? undefined : parseChoices(options.choice, readText(options.choice, LONGEST_WRITTEN));
  const names = protocols.length > 0 ? protocols : Object.keys(choices ?? registry);
  for (const name of names) entryOf(name);
  if (!existsSync(MAIN)) throw new UsageError(`${MAIN} is not there; npm run build makes it`);
  makeOutputFolder(options.output);
  const ending = awaitEnding(process);
  const late = new AbortController();
  const stop = AbortSignal.any([ending.stop, late.signal]);
  const bound = options.within === undefined ? undefined : setTimeout(() => late.abort(), options.within * 60_000);
  let code: number = EXIT.ok;
  try {
    for (const name of names) {
      const green = await matrixOf(name, options, choices?.[name], stop);
      if (stop.aborted) return ending.exitCode() || LATE;
      if (!green) code = EXIT.findings;
    }
  } finally {
    clearTimeout(bound);
    ending.forget();
  }
  return code;
}

/** Makes the matrix of one protocol. Gives whether the reference pair is all green. */
async function matrixOf(name: string, options: MatrixOptions, choice: Choice | undefined, stop: AbortSignal): Promise<boolean> {
  // What is said here and now goes before what a file says.
  const selection = options.case.length > 0 ? options.case : (choice?.cases ?? []);
  const { subjects, ends } = rowsOf(name, options, choice);
  const { protocol, corpus } = await loadProtocol(name, selection);
  const say = (text: string): boolean => process.stdout.write(`${oneLine(text)}\n`);
  say(`${protocol.title}: ${subjects.length} rows, ${options.jobs} at a time`);
  const running = {
    main: MAIN,
    work: resolve(options.work, name),
    protocol: name,
    patterns: selection,
    words: options.repeat === 1 ? [] : ['--repeat', String(options.repeat)],
    basis: basisOf(name),
    limitMs: options.limit * 60_000,
    fresh: options.fresh,
    read: readResults,
    stop,
  };
  const ran = await sideBySide(subjects, options.jobs, async (subject) => {
    if (stop.aborted) return undefined;
    const row = await runRow(subject, running);
    say(`${subject.title} ${columnOf(subject)}: ${saidOf(row)}`);
    return row;
  });
  if (stop.aborted) {
    say(INTERRUPTED);
    return false;
  }
  const pairs = await pairsOf(ends, choice, running, options.jobs, say);
  if (stop.aborted) {
    say(INTERRUPTED);
    return false;
  }
  const ranRows = (outcomes: readonly (RowOutcome | undefined)[]) =>
    subjects.flatMap(({ manifest: _, ...subject }, i) => {
      const [row, outcome] = [ran[i], outcomes[i]];
      return row === undefined || outcome === undefined ? [] : [{ subject, outcome, folder: row.folder }];
    });
  const madeAt = new Date().toISOString();
  const requirements = Object.fromEntries([...corpus.requirements.values()].map((requirement) => [requirement.id, ruleOf(requirement)]));
  const build = (outcomes: readonly (RowOutcome | undefined)[]) =>
    buildMatrix({
      weir: packageVersion(),
      protocol: name,
      title: protocol.title,
      requirements,
      selection,
      madeAt,
      // A part of the corpus does not show what tests a rule.
      tests:
        selection.length > 0
          ? undefined
          : testsOf(corpus.requirements.values(), ran[0]?.outcome.results?.runs ?? [], name, options.mutants),
      hashOf: hashesOf(corpus.cases),
      rows: ranRows(outcomes),
      ...(pairs === undefined ? {} : { pairs }),
    });
  const first = ran.map((row) => row?.outcome);
  // What a version, or the time since an earlier matrix, seems to change may only be what is not always the same: it is asked again before it is said.
  const folder = join(options.output, name);
  const before = historyIn(folder);
  const seen = build(first);
  const betweenVersions = changesOf(seen);
  const sinceEarlier = changesSince(readHistory(before), seen).filter(({ since, kind }) => since === madeAt && kind !== 'corpus');
  const outcomes = await sideBySide(subjects, options.jobs, async (subject, i) => {
    const row = ran[i];
    const ids = [
      ...betweenVersions.flatMap(({ row: { id }, before: older, fixed, broken }) =>
        id === subject.id || older.id === subject.id ? [...fixed, ...broken].map((each) => each.id) : [],
      ),
      ...sinceEarlier.filter((each) => each.row === subject.id).map(({ id }) => id),
    ];
    return row === undefined || stop.aborted ? first[i] : runAgain(subject, row, [...new Set(ids)], running);
  });
  const matrix = build(outcomes);
  const rows = ranRows(outcomes);
  const { files, changes } = await writeMatrix(matrix, rows, folder, { before, append: options.append });
  const worse = changes.filter(({ kind }) => kind === 'worse');
  if (worse.length > 0) {
    const shown = worse.slice(0, 10).map(({ row, id }) => `${row} ${id}`);
    const more = worse.length > shown.length ? ` and ${worse.length - shown.length} more` : '';
    say(`${worse.length} ${worse.length === 1 ? 'regression' : 'regressions'}: ${shown.join(', ')}${more}`);
  }
  say(`written: ${files.join(', ')}`);
  return isGreen(matrix);
}

const INTERRUPTED = 'ended before all was run: the rows that came to their end are kept, and the same command goes on with the others';

/** Runs the pairs that were chosen; undefined where none were. */
async function pairsOf(
  ends: readonly Subject[],
  choice: Choice | undefined,
  running: RowRunning,
  jobs: number,
  say: (text: string) => void,
): Promise<Matrix['pairs']> {
  if (choice?.pairs === undefined) return undefined;
  const { cases } = choice.pairs;
  const all = await runPairs(ends, { ...running, patterns: cases }, jobs, ({ client, server, counts, state }) => {
    const told = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
    say(`${client} with ${server}: ${state === 'ran' ? told.join(', ') : state}`);
  });
  return { selection: [...cases], all };
}

function isGreen(matrix: Matrix): boolean {
  const row = matrix.rows.find(({ reference }) => reference);
  if (row === undefined) return false;
  const tally = tallyOf(matrix, row);
  return row.state === 'ran' && tally.pass > 0 && tally.pass + tally.skip === tally.total;
}

function saidOf({ outcome, again }: RanRow): string {
  const { results, state, reason = '' } = outcome;
  if (results === undefined) return `not set up: ${reason.split('\n')[0] ?? ''}`;
  const { pass = 0, fail = 0, warn = 0, question = 0, skip = 0, error = 0 } = results.summary;
  const told = `${pass} passed, ${fail} failed, ${warn} warned, ${question} questions, ${skip} skipped, ${error} errors in ${Math.round(results.durationMs / 1000)} s`;
  return `${told}${again ? ' (as it was run before)' : ''}${state === 'ran' ? '' : `, not finished: ${reason}`}`;
}
