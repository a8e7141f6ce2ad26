import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { plain } from '../../../../protocols/common/plain.ts';
import { CorpusError } from '../../../cases/problem.ts';
import { packageRoot } from '../../../package-root.ts';
import { SelectionError } from '../../../plan/selection-error.ts';
import { explainError } from '../../errors.ts';
import { EXIT, NothingToDo, UsageError } from '../../exit.ts';
import { isInterruption } from '../../interrupt.ts';
import type { Earlier } from '../../narrow.ts';
import { findNamed } from '../../open.ts';
import type { RunOptions } from '../../run-options.ts';
import { runOnce } from './run.ts';

/** Editors save in several writes; they are one change, ms. */
const SETTLED_MS = 100;

/** What came of one turn, as far as the next one needs it. */
interface Turn {
  readonly code: number;
  /** Undefined where nothing could be run. */
  readonly results: Earlier | undefined;
}

/** Where to look for changes: a folder, or one file of it. */
interface Place {
  readonly folder: string;
  readonly file?: string;
}

/**
 * `weir run --watch`: runs, then runs again whenever a case (also meanwhile) or the implementation changes, what was red first:
 * only that, as long as there is any. What cannot be read or started is told, and tried again with the next change. Ends with
 * Ctrl-C. Throws a `UsageError` where the first run cannot begin because of what was typed.
 */
export async function watchCommand(patterns: readonly string[], options: RunOptions): Promise<number> {
  const adapter = await folderOf(options.implementation);
  let turn: Turn | undefined;
  for (;;) {
    const cases = watchFor(placesOf(patterns));
    try {
      turn = turn === undefined ? await take(patterns, options, undefined, true) : await takeNext(patterns, options, turn);
      if (isInterruption(turn.code)) return turn.code;
      // Only now, since an adapter may write into its folder while it runs.
      const implementation = watchFor(adapter === undefined ? [] : withSubfolders(adapter));
      const interrupt = interrupted();
      process.stdout.write('watching for changes; Ctrl-C ends it\n');
      const what = await Promise.race([cases.changed, implementation.changed, interrupt.pressed]);
      implementation.close();
      interrupt.forget();
      if (what === 'interrupted') return turn.code;
    } finally {
      cases.close();
    }
  }
}

async function takeNext(patterns: readonly string[], options: RunOptions, before: Turn): Promise<Turn> {
  const red = before.code !== EXIT.ok && before.results !== undefined;
  if (!red) return take(patterns, options, undefined, false);
  const turn = await take(patterns, options, before.results, false);
  // What was red is green now: the rest may have suffered by it.
  return turn.code === EXIT.ok ? take(patterns, options, undefined, false) : { ...turn, results: turn.results ?? before.results };
}

/** One run; with `earlier` only of what was red in it. */
async function take(patterns: readonly string[], options: RunOptions, earlier: Earlier | undefined, first: boolean): Promise<Turn> {
  try {
    return await runOnce(patterns, earlier === undefined ? options : { ...options, lastFailed: true, earlier });
  } catch (error) {
    // A file that is being written may be wrong at the moment; what was typed stays wrong.
    const typed = error instanceof UsageError || error instanceof SelectionError;
    const passing = error instanceof CorpusError || error instanceof NothingToDo || (typed && !first);
    if (!passing) throw error;
    const { text, code } = explainError(error);
    process.stderr.write(`${plain(text)}\n`);
    return { code, results: undefined };
  }
}

async function folderOf(implementation: string | undefined): Promise<string | undefined> {
  return implementation === undefined ? undefined : dirname((await findNamed(implementation)).file);
}

function placesOf(patterns: readonly string[]): Place[] {
  const own = patterns.filter((pattern) => pattern.endsWith('.yaml') && existsSync(dirname(pattern)));
  const files = own.map((file) => ({ folder: dirname(resolve(file)), file: basename(file) }));
  return [...withSubfolders(join(packageRoot(), 'cases')), ...files];
}

/** A folder and all below it, but for those that tools fill. Each is watched by itself: watching recursively begins late on some systems. */
function withSubfolders(folder: string): Place[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !TOOLS.has(entry.name));
  return [{ folder }, ...below.flatMap((entry) => withSubfolders(join(folder, entry.name)))];
}

const TOOLS: ReadonlySet<string> = new Set(['node_modules', '__pycache__', '.git', '.venv', 'target', 'dist']);

/** `changed` resolves when something changed in one of the places and nothing more did for a moment. */
function watchFor(places: readonly Place[]): { readonly changed: Promise<'changed'>; close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let watchers: FSWatcher[] = [];
  const changed = new Promise<'changed'>((done) => {
    watchers = places.map(({ folder, file }) =>
      watch(folder, (_event, name) => {
        if (file !== undefined && name !== file) return;
        clearTimeout(timer);
        timer = setTimeout(() => done('changed'), SETTLED_MS);
      }),
    );
  });
  return {
    changed,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** `pressed` resolves when Ctrl-C is pressed. */
function interrupted(): { readonly pressed: Promise<'interrupted'>; forget(): void } {
  let heard = (): void => {};
  const pressed = new Promise<'interrupted'>((done) => {
    heard = () => done('interrupted');
  });
  process.on('SIGINT', heard);
  return { pressed, forget: () => void process.off('SIGINT', heard) };
}
