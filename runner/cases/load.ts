import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LONGEST_WRITTEN, readText } from '../files/read.ts';
import type { CaseHead, Corpus } from './case.ts';
import { buildCorpus, buildHeads, CATALOGUE_FILES, type CorpusFile, type CorpusOutcome } from './corpus.ts';
import type { CaseLanguage } from './language.ts';
import { SETS_FOLDER } from './load-set.ts';
import type { Wants } from './parse.ts';
import { CorpusError } from './problem.ts';

/** What to load. */
export interface LoadOptions {
  /** The corpus folder of the protocol: `cases/river`. */
  readonly folder: string;
  readonly language: CaseLanguage;
  /** Reads only the files whose id passes; a quick start where ids are known. Duplicate aliases are then looked for among these only. */
  readonly only?: ((id: string) => boolean) | undefined;
  /** Reads, beside those, files whose text passes. */
  readonly mentioning?: ((text: string) => boolean) | undefined;
  /** Makes of a file only the cases that pass: it may have axes, and stand for hundreds. */
  readonly wants?: Wants | undefined;
  /** Case files from elsewhere, by the paths that people gave. */
  readonly files?: readonly string[];
}

/** The id, without the protocol, of a case file from outside the corpus. */
export function idOfFile(protocol: string, file: string): string {
  return partOfId(file)
    .replace(/\.yaml$/, '')
    .replace(new RegExp(`^${protocol}/`), '');
}

/**
 * What the id of a case file has of the path that was given, or of a pattern: all of one below the current folder; of one from elsewhere its folder and
 * its name, for where that lies says nothing of the case.
 */
export function partOfId(path: string): string {
  if (!path.endsWith('.yaml')) return path.replace(LEADING, '');
  const inside = path.replace(/^(?:\.\/)+/, '');
  return /^(?:\.\.)?\//.test(inside)
    ? inside
        .split('/')
        .filter((part) => part !== '..' && part !== '')
        .slice(-2)
        .join('/')
    : inside;
}

/** `./`, `../`, `/`: what ids do not begin with. */
const LEADING = /^(?:\.{0,2}\/)+/;

/** Loads a corpus folder. Throws `CorpusError` with every problem of every file, a `FileError` for a file that cannot be read, or the system's error for such a folder. */
export function loadCorpus(options: LoadOptions): Corpus {
  return corpusOf(buildCorpus(options.language, filesOf(options), options.wants));
}

/** Loads what cases say of themselves before their steps. Throws as `loadCorpus` does, but knows nothing of wrong steps. */
export function loadHeads(options: LoadOptions): Corpus<CaseHead> {
  return corpusOf(buildHeads(options.language, filesOf(options), options.wants));
}

function filesOf({ folder, language, only, mentioning, files = [] }: LoadOptions): CorpusFile[] {
  return [
    ...readCorpusFiles(folder, (path) => only?.(`${language.name}/${path.replace(/\.yaml$/, '')}`) ?? true, mentioning),
    ...files.map((shown) => ({ path: `${idOfFile(language.name, shown)}.yaml`, shown, text: readText(shown, LONGEST_WRITTEN) })),
  ];
}

function corpusOf<C extends CaseHead>(outcome: CorpusOutcome<C>): Corpus<C> {
  if (!outcome.ok) throw new CorpusError(outcome.problems);
  return outcome.corpus;
}

/** Reads the YAML files of a corpus folder in order of path; of the cases only those wanted, by path or by text. */
export function readCorpusFiles(folder: string, wanted: (path: string) => boolean, mentioning?: (text: string) => boolean): CorpusFile[] {
  return pathsBelow(folder)
    .filter((path) => path.endsWith('.yaml') && !path.startsWith(`${SETS_FOLDER}/`))
    .sort()
    .flatMap((path) => {
      const named = CATALOGUE_FILES.some((name) => name === path) || wanted(path);
      if (!named && mentioning === undefined) return [];
      const shown = join(folder, path);
      const text = readText(shown, LONGEST_WRITTEN);
      return named || mentioning?.(text) === true ? [{ path, shown, text }] : [];
    });
}

/** Paths of all files below a folder, with slashes. Several times as fast as Node's own recursion, which looks at each path again. */
function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? pathsBelow(join(folder, entry.name)).map((path) => `${entry.name}/${path}`) : [entry.name],
  );
}
