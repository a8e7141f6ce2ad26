import { constants, copyFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, normalize } from 'node:path';
import { makeFolder } from '../../../files/make-folder.ts';
import type { CaseRun, Results } from '../../../results/result.ts';

/** Results, and the folder that their paths are relative to. */
export interface Part {
  readonly results: Results;
  readonly folder: string;
}

/** What became of the evidence of parts. */
export interface Brought {
  readonly parts: readonly Results[];
  /** Files that results name and that are not there. */
  readonly missing: readonly string[];
}

/** Copies the traces and bundles of parts below one folder; the results that are given name only what is there. */
export function bringAlong(parts: readonly Part[], output: string): Brought {
  const missing: string[] = [];
  const taken = new Set<string>();
  const bring = (folder: string, kind: 'traces' | 'bundles', path: string | undefined): string | undefined => {
    if (path === undefined) return undefined;
    const from = join(folder, path);
    if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) {
      missing.push(from);
      return undefined;
    }
    // Results that already lie here keep their files.
    const isHere = realpathSync(folder) === realpathSync(output);
    const target = isHere ? normalize(path) : freeName(kind, basename(path), taken);
    taken.add(target);
    if (isHere) return target;
    makeFolder(join(output, dirname(target)));
    // What lies there may be a link to elsewhere.
    rmSync(join(output, target), { force: true });
    copyFileSync(from, join(output, target), constants.COPYFILE_EXCL);
    return target;
  };
  const moved = ({ trace, bundle, ...run }: CaseRun, folder: string): CaseRun => {
    const tracePath = bring(folder, 'traces', trace);
    const bundlePath = bring(folder, 'bundles', bundle);
    return {
      ...run,
      ...(tracePath === undefined ? {} : { trace: tracePath }),
      ...(bundlePath === undefined ? {} : { bundle: bundlePath }),
    };
  };
  const done = parts.map(({ results, folder }) => ({ ...results, runs: results.runs.map((run) => moved(run, folder)) }));
  return { parts: done, missing };
}

function freeName(folder: string, name: string, taken: ReadonlySet<string>): string {
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  let path = join(folder, name);
  for (let i = 2; taken.has(path); i += 1) path = join(folder, `${stem}-${i}${ending}`);
  return path;
}
