import { readdirSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { EXIT } from '../exit.ts';
import { type RunOptions, runCommand } from './run.ts';

/** Editors save in several writes; they are one change, ms. */
const SETTLED_MS = 100;

/**
 * `weir run --watch`: runs, then runs again whenever a case or the implementation changes, what was red first: only that, as
 * long as there is any. Ends with Ctrl-C.
 */
export async function watchCommand(patterns: readonly string[], options: RunOptions): Promise<number> {
  const folders = [join(packageRoot(), 'cases'), ...(options.implementation === undefined ? [] : [folderOf(options.implementation)])];
  let code = await runCommand(patterns, options);
  for (;;) {
    const change = changeIn(folders.flatMap(withSubfolders));
    process.stdout.write('watching for changes; Ctrl-C ends it\n');
    if ((await change) === 'interrupted') return code;
    const red = code !== EXIT.ok;
    code = await runCommand(patterns, { ...options, lastFailed: red });
    // What was red is green now: the rest may have suffered by it.
    if (red && code === EXIT.ok) code = await runCommand(patterns, options);
  }
}

function folderOf(implementation: string): string {
  const path = resolve(implementation.replace(/@[^@/]*$/, ''));
  return path.endsWith('.yaml') ? dirname(path) : path;
}

/** A folder and all below it, but for those that tools fill. Each is watched by itself: watching recursively begins late on some systems. */
function withSubfolders(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !TOOLS.has(entry.name));
  return [folder, ...below.flatMap((entry) => withSubfolders(join(folder, entry.name)))];
}

const TOOLS: ReadonlySet<string> = new Set(['node_modules', '__pycache__', '.git', '.venv', 'target', 'dist']);

/** Resolves when a file in one of the folders changed and nothing more did for a moment, or when Ctrl-C was pressed. */
function changeIn(folders: readonly string[]): Promise<'changed' | 'interrupted'> {
  return new Promise((done) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (outcome: 'changed' | 'interrupted'): void => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      for (const watcher of watchers) watcher.close();
      done(outcome);
    };
    const interrupted = (): void => finish('interrupted');
    const watchers = folders.map((folder) =>
      watch(folder, () => {
        clearTimeout(timer);
        timer = setTimeout(() => finish('changed'), SETTLED_MS);
      }),
    );
    process.once('SIGINT', interrupted);
  });
}
