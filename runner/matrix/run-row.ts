import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { makeFolder } from '../files/make-folder.ts';
import type { Results } from '../results/result.ts';
import type { RowOutcome } from './row.ts';
import type { Subject } from './subjects.ts';

/** How rows are run. */
export interface RowRunning {
  /** The built command line, to be started by Node. */
  readonly main: string;
  /** Folder in which each row has one of its own. */
  readonly work: string;
  readonly protocol: string;
  readonly patterns: readonly string[];
  /** Further words of `weir run`. */
  readonly words: readonly string[];
  /** What all rows hang on beside these: the corpus and the version of Weir. */
  readonly basis: string;
  /** Most ms of one row. */
  readonly limitMs: number;
  /** Whether rows that were run before are run again. */
  readonly fresh: boolean;
  /** Manifest of the implementation at the other end; undefined: a reference peer is there. */
  readonly against?: string | undefined;
  /** Reads a results file, whole or as far as it got. */
  readonly read: (file: string) => Results;
  readonly stop: AbortSignal;
}

/** A row that was run, and whether by an earlier call. */
export interface RanRow {
  readonly outcome: RowOutcome;
  readonly again: boolean;
  /** Folder with its results, traces and bundles. */
  readonly folder: string;
}

/** How often what a version changed is run again before it is said. */
const AGAIN = 3;

/**
 * Runs some case-runs of a row again, a few times, in a folder below its own, and gives its outcome with these beside the first: what does not
 * always give the same verdict shows as such.
 */
export async function runAgain(
  subject: Subject,
  { outcome, folder }: RanRow,
  ids: readonly string[],
  running: RowRunning,
): Promise<RowOutcome> {
  const { results } = outcome;
  if (results === undefined || ids.length === 0) return outcome;
  const words = ['--repeat', String(AGAIN), '--traces', 'none'];
  const own = { ...running, work: folder, patterns: [...ids].sort(), words };
  const { outcome: again } = await runRow({ ...subject }, own);
  const wanted = new Set(ids);
  const repeats = (again.results?.runs ?? []).flatMap(({ trace: _, bundle: __, ...run }) => {
    const [id = '', number = '1'] = run.id.split('#');
    return wanted.has(id) ? [{ ...run, id: `${id}#${Number(number) + 1}` }] : [];
  });
  return { ...outcome, results: { ...results, runs: [...results.runs, ...repeats] } };
}

/** Says by what a row was made, so that it is run anew once that has changed. */
const KEY_FILE = 'row.json';

/** How much of what `weir run` said is the reason of a row that was not set up, in lines and characters: it begins with what is wrong. */
const FIRST_LINES = 8;
const LONGEST_REASON = 1000;

/** Name of the folder of a row. */
export function folderOf({ id }: Pick<Subject, 'id'>): string {
  return id.replaceAll(/[^\w.@-]+/g, '_');
}

/** Runs a row in a process of its own, which leaves its results in a folder of its own; what is there and still fits is taken. */
export async function runRow(subject: Subject, running: RowRunning): Promise<RanRow> {
  const folder = join(running.work, folderOf(subject));
  const key = keyOf(subject, running);
  const before = running.fresh ? undefined : earlier(folder, key, running.read);
  if (before !== undefined) return { outcome: before, again: true, folder };
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder);
  const words = [
    'run',
    ...running.patterns,
    ...['--protocol', running.protocol, '--output', folder, '--report', 'junit', '--stories', '0'],
    // As much of products as implementations are tried with.
    ...(subject.reference ? ['--axes', 'smoke'] : ['--implementation', subject.id]),
    ...running.words,
  ];
  const ran = await execa(process.execPath, [running.main, ...words], {
    reject: false,
    all: true,
    timeout: running.limitMs,
    // Weir ends its adapters when it is asked to end.
    killSignal: 'SIGTERM',
    forceKillAfterDelay: 30_000,
    cancelSignal: running.stop,
    maxBuffer: 4 * 1024 * 1024,
    env: { NO_COLOR: '1' },
  });
  const outcome = outcomeOf(folder, ran, running);
  // What was broken off, or could not start today, may go otherwise the next time.
  if (outcome.state === 'ran') writeFileSync(join(folder, KEY_FILE), JSON.stringify({ key }));
  return { outcome, again: false, folder };
}

function outcomeOf(
  folder: string,
  ran: { readonly exitCode?: number; readonly signal?: string; readonly timedOut: boolean; readonly all: string },
  { read, limitMs }: RowRunning,
): RowOutcome {
  const whole = join(folder, 'results.json');
  const begun = join(folder, 'results.jsonl');
  const file = existsSync(whole) ? whole : existsSync(begun) ? begun : undefined;
  const lines = ran.all.trim().split('\n');
  const said = lines
    .filter((line) => !/waiting for the /.test(line))
    .slice(0, FIRST_LINES)
    .join('\n')
    .slice(0, LONGEST_REASON);
  if (file === undefined)
    return { state: 'not-set-up', reason: said || `weir run ended with ${ran.exitCode ?? ran.signal}`, results: undefined };
  const results = read(file);
  if (results.runs.every(({ verdict }) => verdict === 'skip'))
    return { state: 'not-set-up', reason: skipReasonOf(results) ?? said, results: undefined };
  if (ran.timedOut) return { state: 'not-finished', reason: `it was ended after ${Math.round(limitMs / 60_000)} minutes`, results };
  if (ran.exitCode !== 0 && ran.exitCode !== 1) return { state: 'not-finished', reason: said, results };
  return { state: 'ran', results };
}

function skipReasonOf({ runs }: Results): string | undefined {
  return runs[0]?.skipReason;
}

function earlier(folder: string, key: string, read: RowRunning['read']): RowOutcome | undefined {
  try {
    const { key: before } = JSON.parse(readFileSync(join(folder, KEY_FILE), 'utf8')) as { key?: unknown };
    return before === key ? { state: 'ran', results: read(join(folder, 'results.json')) } : undefined;
  } catch {
    return undefined;
  }
}

/** All that the verdicts of a row hang on. */
function keyOf({ id, manifest }: Subject, { basis, patterns, words, protocol, against }: RowRunning): string {
  const hash = createHash('sha256').update(JSON.stringify({ id, basis, patterns, words, protocol }));
  for (const each of [manifest, against]) if (each !== undefined) hashFolder(dirname(each), hash);
  return hash.digest('hex');
}

function hashFolder(folder: string, hash: ReturnType<typeof createHash>): void {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
}
