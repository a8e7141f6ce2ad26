import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LONGEST_WRITTEN, readText } from '../files/read.ts';
import { type CaseSet, caseSetSchema } from '../plan/case-set.ts';
import { problemsOf } from './issues.ts';
import { CorpusError, untilTooManyThrown } from './problem.ts';
import { readSource } from './source.ts';
import { suggestion } from './suggest.ts';

/** Folder of frozen sets inside a corpus folder. */
export const SETS_FOLDER = 'sets';

/** Names of the frozen sets of a corpus folder, in order. */
export function setNames(folder: string): string[] {
  const sets = join(folder, SETS_FOLDER);
  if (!existsSync(sets)) return [];
  return readdirSync(sets)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort();
}

/**
 * Loads a frozen set: one of the corpus folder by its name, or any file that ends in `.yaml`. Throws a `CorpusError` for a
 * malformed one, an Error with those there are for an unknown name.
 */
export function loadSet(folder: string, name: string): CaseSet {
  const names = setNames(folder);
  const isFile = name.endsWith('.yaml');
  if (!isFile && !names.includes(name)) throw new Error(`unknown set \`${name}\`; ${suggestion(name, names, 'sets')}`);
  const file = isFile ? name : join(folder, SETS_FOLDER, `${name}.yaml`);
  const read = readSource(file, readText(file, LONGEST_WRITTEN));
  if (!read.ok) throw new CorpusError(read.problems);
  const parsed = caseSetSchema.safeParse(read.source.value);
  const { source } = read;
  if (!parsed.success) {
    throw new CorpusError(untilTooManyThrown(() => problemsOf(source, [], source.value, parsed.error, caseSetSchema)));
  }
  return { ...parsed.data, name: basename(name, '.yaml'), cases: new Set(parsed.data.cases) };
}
