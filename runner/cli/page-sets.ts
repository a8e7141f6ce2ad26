import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { labelOf, type SetOfResults } from '../../reporters/html/page.ts';
import type { CaseRun, Results } from '../results/result.ts';
import { UsageError } from './exit.ts';
import { LINES_FILE } from './result-lines.ts';
import { readResults, together } from './results-file.ts';

/**
 * The results file that is meant: the file itself, or `results.json` in the folder; of a run that did not come to its end, its lines.
 * Throws a `UsageError` for a folder that has neither.
 */
export function resultsFileOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const found = ['results.json', LINES_FILE].map((name) => join(path, name)).find((file) => existsSync(file));
  if (found === undefined) {
    // Folders with traces and bundles lie in that of their run.
    const above = existsSync(join(path, '..', 'results.json')) ? `; ${dirname(path)} has one` : '';
    throw new UsageError(`${path} is a folder without results.json, in which weir run --output leaves its results${above}`);
  }
  return found;
}

/**
 * What a page shows of several results files: shards of one run as one, everything else beside each other. Throws a `UsageError`
 * where a file is none, or shards do not belong together.
 */
export function setsOf(paths: readonly string[]): SetOfResults[] {
  const read = paths.map((path) => {
    const file = resultsFileOf(path);
    return { results: readResults(file), folder: dirname(file) };
  });
  const shards = new Map<string, SetOfResults[]>();
  const sets: SetOfResults[] = [];
  for (const each of read) {
    if (each.results.shard === undefined) sets.push(each);
    else {
      const label = labelOf(each.results);
      shards.set(label, [...(shards.get(label) ?? []), each]);
    }
  }
  const merged = [...shards.values()].map((parts): SetOfResults => ({ results: together(parts.map(withPaths)), folder: '' }));
  return toldApart([...sets, ...merged]);
}

/** Evidence stays where it is: its paths are told from here. */
function withPaths({ results, folder }: SetOfResults): Results {
  const moved = ({ trace, bundle, ...run }: CaseRun): CaseRun => ({
    ...run,
    ...(trace === undefined ? {} : { trace: join(folder, trace) }),
    ...(bundle === undefined ? {} : { bundle: join(folder, bundle) }),
  });
  return { ...results, runs: results.runs.map(moved) };
}

/** Several results of one implementation are named after their folders too. */
function toldApart(sets: readonly SetOfResults[]): SetOfResults[] {
  const labels = sets.map(({ results }) => labelOf(results));
  return sets.map((set, i) => {
    const label = labels[i] ?? '';
    return labels.filter((other) => other === label).length > 1 ? { ...set, label: `${label} (${set.folder || i + 1})` } : set;
  });
}
