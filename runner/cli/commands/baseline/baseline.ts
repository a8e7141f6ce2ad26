import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { oneLine, plain } from '../../../../protocols/common/plain.ts';
import { type KnownFailure, parseKnownFailures } from '../../../adapters/known-failures.ts';
import { type Implementation, parseManifest, readManifest } from '../../../adapters/manifest.ts';
import { pruneBaseline, type Scope, writeBaseline } from '../../../baseline/baseline.ts';
import { EditError, editList, NO_EDIT } from '../../../baseline/edit-list.ts';
import type { BaselineContext } from '../../../baseline/news.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { writeWhole } from '../../../files/write.ts';
import type { CaseRun } from '../../../results/result.ts';
import { carryOutRun } from '../../carry-out.ts';
import { EXIT, UsageError } from '../../exit.ts';
import type { Known } from '../../known.ts';
import { findNamed, today } from '../../open.ts';
import type { RunOptions } from '../../run-options.ts';

/** Options of `weir baseline`: what a run needs, of which the implementation must be named. */
export type BaselineOptions = Omit<RunOptions, 'implementation' | 'output' | 'traces' | 'verbose' | 'stories' | 'world'> & {
  readonly implementation: string;
};

/** Days for which a measured flake rate holds. */
const FLAKY_DAYS = 90;

/** How often what is near a limit is run before it is listed. */
const REPEATS = 10;

/** Case-runs, and how much of what there is they are. */
interface Measured {
  readonly runs: readonly CaseRun[];
  readonly scope: Scope;
}

/** Name of the file where the manifest names none. */
const DEFAULT_FILE = 'known-failures.yaml';

/** `weir baseline write`: adds to the known failures what fails now and is not explained. Gives the exit code. */
export async function baselineWriteCommand(patterns: readonly string[], options: BaselineOptions): Promise<number> {
  const manifest = await findNamed(options.implementation);
  const { file, text } = readKnown(manifest);
  const ran = await measured(patterns, options);
  if (typeof ran === 'number') return ran;
  const written = editing(file, () => writeBaseline(file, text, ran.runs, contextOf(manifest, options, ran.scope)));
  if (written.text !== text) {
    writeWhole(file, written.text);
    if (manifest.knownFailures === undefined) nameKnownFailures(manifest);
  }
  for (const entry of written.entries) say('added', entry);
  for (const entry of written.widened) say('also for this version', entry);
  for (const { run, finding } of written.unlistable) {
    process.stderr.write(
      `not listed, since Weir or the adapter broke: ${run.case}@${run.role}+${run.binding}: ${plain(finding.message)}\n`,
    );
  }
  if (written.remeasured > 0) process.stdout.write(`${written.remeasured} expired flake rates measured again\n`);
  const count = written.entries.length + written.widened.length;
  process.stdout.write(`${shown(file)}: ${count === 0 ? 'nothing to add' : `${count} added; put the reasons in words`}\n`);
  return written.unlistable.length > 0 ? EXIT.findings : EXIT.ok;
}

/** `weir baseline prune`: takes out of the known failures what passes now or fits no case. Gives the exit code. */
export async function baselinePruneCommand(patterns: readonly string[], options: BaselineOptions): Promise<number> {
  const manifest = await findNamed(options.implementation);
  const { file, text } = readKnown(manifest);
  const ran = await carryOut(patterns, options);
  if (typeof ran === 'number') return ran;
  const pruned = editing(file, () => pruneBaseline(file, text, ran.runs, contextOf(manifest, options, ran.scope), ran.scope));
  if (pruned.text !== text) writeWhole(file, pruned.text);
  for (const entry of pruned.removed) say('removed', entry);
  for (const id of pruned.dropped) process.stdout.write(`removed: ${id}, from the list it stood in\n`);
  const count = pruned.removed.length + pruned.dropped.length;
  process.stdout.write(`${shown(file)}: ${count === 0 ? 'nothing to remove' : `${count} removed`}\n`);
  return EXIT.ok;
}

/**
 * Carries out a run, and then often, each in a process of its own, what may go otherwise the next time: what is near a limit. A new
 * process says nothing of what rests on time, so that is run again in one that is none.
 */
async function measured(patterns: readonly string[], options: BaselineOptions): Promise<Measured | number> {
  const once = await carryOut(patterns, options);
  const unsure = typeof once === 'number' || options.repeat > 1 || !options.confirm ? [] : once.runs.filter(isNearLimit);
  if (typeof once === 'number' || unsure.length === 0) return once;
  process.stdout.write(`${unsure.length} case-runs are near a limit: each is run ${REPEATS} times more\n`);
  const ids = unsure.map(({ id }) => id);
  const again = await carryOut(ids, { ...options, repeat: REPEATS, confirm: 'too-slow', isolate: true });
  if (typeof again === 'number') return again;
  // Where it fails beside others alone, the runs apart say no more than how seldom.
  return { ...once, runs: [...once.runs.filter(({ id, apart }) => apart !== undefined || !ids.includes(id)), ...again.runs] };
}

/** Whether a verdict changed when the case-run was made again, or turns on a time that the case states. */
function isNearLimit({ confirmed, findings, verdict }: CaseRun): boolean {
  return confirmed === false || (verdict !== 'pass' && findings.some(({ timed }) => timed === true));
}

async function carryOut(patterns: readonly string[], options: BaselineOptions): Promise<Measured | number> {
  const run = await carryOutRun(patterns, {
    ...options,
    output: false,
    report: [],
    traces: 'none',
    verbose: false,
    stories: 0,
    allowExpired: true,
  });
  const runs = run.results.runs;
  if (!runs.some(({ verdict }) => verdict !== 'skip')) throw new UsageError('nothing was run: every case-run is skipped');
  return run.interrupted ?? { runs, scope: scopeLeft(run.known) };
}

/** What `--axes` left out may fail as it is listed. */
function scopeLeft({ whole, everyRole, everyBinding, leftOut }: Known): Scope {
  const all = leftOut.length === 0;
  return { whole: whole && all, everyRole, everyBinding: everyBinding && all };
}

function readKnown(manifest: Implementation): { file: string; text: string } {
  const file = manifest.knownFailures ?? join(dirname(manifest.file), DEFAULT_FILE);
  const text = existsSync(file) ? readText(file, LONGEST_WRITTEN) : '';
  // Told before the run and not after it.
  parseKnownFailures(file, text);
  editing(file, () => editList(text, NO_EDIT));
  return { file, text };
}

function editing<T>(file: string, edit: () => T): T {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    throw new UsageError(`${shown(file)} cannot be edited: ${error.message}`);
  }
}

function contextOf(manifest: Implementation, options: BaselineOptions, { everyBinding }: Scope): BaselineContext {
  const { labels } = readManifest(manifest.file);
  return { label: manifest.label, labels, strict: options.strict, everyBinding, today: today(), flakyUntil: today(FLAKY_DAYS) };
}

/** Makes the manifest name its new file of known failures, or says that somebody must. */
function nameKnownFailures({ file }: Implementation): void {
  const text = readText(file, LONGEST_WRITTEN);
  const line = `known-failures: ${DEFAULT_FILE}`;
  const named = `${text}${text.endsWith('\n') ? '' : '\n'}${line}\n`;
  try {
    parseManifest(file, named);
  } catch {
    process.stdout.write(`add \`${line}\` to ${shown(file)}: without it nothing reads the list\n`);
    return;
  }
  writeWhole(file, named);
}

function say(what: string, entry: KnownFailure): void {
  const cases = [entry.case].flat();
  const [first = ''] = cases;
  const more = cases.length > 1 ? ` and ${cases.length - 1} more` : '';
  process.stdout.write(`${what}: ${oneLine(`${first}${more}, ${entry.fingerprint ?? entry.reason}`)}\n`);
}

function shown(file: string): string {
  return relative(process.cwd(), file) || file;
}
