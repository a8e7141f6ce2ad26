import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ApiShape } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import { problemsOf } from '../cases/issues.ts';
import { CorpusError, untilTooManyThrown } from '../cases/problem.ts';
import { readSource, type Source } from '../cases/source.ts';
import { nearest, suggestion } from '../cases/suggest.ts';
import { LONGEST_WRITTEN, readText } from '../files/read.ts';
import { SelectionError } from '../plan/selection-error.ts';
import { type Manifest, manifestGrammar, VERSION_PLACEHOLDER } from './manifest-grammar.ts';

/** Name of a manifest inside its folder. */
export const MANIFEST_FILE = 'implementation.yaml';

const DEFAULT_STARTUP_MS = 10_000;
const DEFAULT_CALL_MS = 10_000;

/** One column of one implementation, ready to start: paths absolute, placeholders filled in. */
export interface Implementation {
  /** Absolute path of the manifest. */
  readonly file: string;
  readonly name: string;
  readonly title: string;
  /** Label of the column, where the manifest has columns. */
  readonly label: string | undefined;
  /** Version that the adapter must report; undefined: whatever it reports. */
  readonly version: string | undefined;
  readonly language: string;
  readonly url: string | undefined;
  readonly protocol: string;
  readonly roles: readonly Role[];
  readonly command: readonly string[];
  readonly setup: readonly (readonly string[])[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** These three: undefined where the adapter's own answer counts. */
  readonly features: readonly string[] | undefined;
  readonly bindings: readonly string[] | undefined;
  readonly concurrency: number | undefined;
  /** What its API cannot show; undefined: what the adapter says. */
  readonly shapes: readonly ApiShape[] | undefined;
  /** Timers that cannot be set, by name; added to what the adapter says. */
  readonly timers: Readonly<Record<string, number>>;
  /** The one address of the loopback that it dials; undefined: any. */
  readonly dials: '127.0.0.1' | undefined;
  readonly startupMs: number;
  /** Names of keys whose values are secret. */
  readonly redact: readonly string[];
  /** Longest wait for any other answer. */
  readonly callMs: number;
  /** Absolute path of the file of known failures. */
  readonly knownFailures: string | undefined;
  readonly prerequisites: readonly { readonly check: readonly string[]; readonly install: string }[];
}

/** A manifest, and the labels of its columns in the order in which they are written; none where it has no columns. */
export interface ReadManifest extends Manifest {
  readonly labels: readonly string[];
}

/** Reads a manifest's text. Throws a `CorpusError` that says file, line and column. */
export function parseManifest(file: string, text: string): ReadManifest {
  return untilTooManyThrown(() => parsed(file, text));
}

/** The same of a file. Throws a `FileError` where it cannot be read. */
export function readManifest(file: string): ReadManifest {
  return parseManifest(file, readText(file, LONGEST_WRITTEN));
}

function parsed(file: string, text: string): ReadManifest {
  const outcome = readSource(file, text);
  if (!outcome.ok) throw new CorpusError(outcome.problems);
  const { source } = outcome;
  const parsed = manifestGrammar.safeParse(source.value);
  if (!parsed.success) {
    throw new CorpusError(problemsOf(source, [], source.value, parsed.error, manifestGrammar));
  }
  const labels = labelsIn(source, Object.keys(parsed.data.versions ?? {}));
  return { ...parsed.data, labels };
}

/**
 * The labels of the columns as they are written, in that order: objects put whole numbers first, and the first is the one that is meant where
 * none is named. Throws a `CorpusError` for one that YAML reads as another.
 */
function labelsIn(source: Source, read: readonly string[]): readonly string[] {
  // Where all are as they should be the reader that knows positions is spared.
  if (read.every((label) => Number.isNaN(Number(label)))) return read;
  const written = source.keys(['versions']);
  const other = written.filter((label) => !read.includes(label));
  if (other.length === 0) return written;
  const hint = (label: string): string => `put it in quotes: '${label}'`;
  throw new CorpusError(
    other.map((label) =>
      source.problem(['versions', label], `the label ${label} is a number to YAML, and not the text that stands here`, hint(label), 'key'),
    ),
  );
}

/**
 * Picks a column (default: the first, or the manifest itself where it has none) and resolves all paths against the
 * manifest's folder. Throws an Error that names the columns there are.
 */
export function resolveManifest(file: string, manifest: ReadManifest, label?: string): Implementation {
  const { labels } = manifest;
  const chosen = label ?? labels[0];
  const column = chosen === undefined ? undefined : manifest.versions?.[chosen];
  if (chosen !== undefined && (column === undefined || !labels.includes(chosen))) {
    throw new Error(`${file}: there is no version ${JSON.stringify(chosen)}; ${suggestion(chosen, labels, 'versions')}`);
  }
  const version = column?.version ?? chosen ?? manifest.version;
  const fill = (text: string): string => text.replaceAll(VERSION_PLACEHOLDER, version ?? '');
  const folder = dirname(file);
  const env = { ...manifest.env, ...column?.env };
  return {
    file,
    name: manifest.name,
    title: manifest.title,
    label: chosen,
    version,
    language: manifest.language,
    url: manifest.url,
    protocol: manifest.protocol,
    roles: column?.roles ?? manifest.roles,
    command: (column?.command ?? manifest.command).map(fill),
    setup: (manifest.setup ?? []).map((command) => command.map(fill)),
    cwd: resolve(folder, manifest.cwd ?? '.'),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
    features: column?.features ?? manifest.features,
    bindings: column?.bindings ?? column?.codecs ?? manifest.bindings ?? manifest.codecs,
    concurrency: manifest.concurrency,
    redact: manifest.redact ?? [],
    shapes: manifest.shapes,
    timers: { ...manifest.timers, ...column?.timers },
    dials: manifest.dials,
    startupMs: manifest['startup-ms'] ?? DEFAULT_STARTUP_MS,
    callMs: manifest['call-ms'] ?? DEFAULT_CALL_MS,
    knownFailures: manifest['known-failures'] === undefined ? undefined : resolve(folder, manifest['known-failures']),
    prerequisites: manifest.prerequisites ?? [],
  };
}

/** Where `--implementation` may look. */
export interface ManifestSearch {
  /** Relative paths start here. */
  readonly cwd: string;
  /** Folder of the implementations that come with Weir, found by name. */
  readonly builtin: string;
}

/** What `--implementation` names: a manifest file, and the label after `@` if there was one. */
export interface ManifestReference {
  /** Absolute. */
  readonly file: string;
  readonly label: string | undefined;
}

/**
 * Finds what `--implementation` names: a manifest, a folder with one, or the name of an implementation that comes with
 * Weir; each may be followed by `@label`. Throws a `SelectionError` that says where it looked.
 */
export function findManifest(reference: string, search: ManifestSearch): ManifestReference {
  const whole = manifestAt(reference, search);
  if (whole !== undefined) return { file: whole, label: undefined };
  const at = reference.lastIndexOf('@');
  const file = at > 0 ? manifestAt(reference.slice(0, at), search) : undefined;
  if (file !== undefined) return { file, label: reference.slice(at + 1) };
  const bare = at > 0 ? reference.slice(0, at) : reference;
  throw new SelectionError(
    `no implementation ${JSON.stringify(reference)}: neither ${resolve(search.cwd, bare)} nor ${join(search.builtin, basename(bare))} has an ${MANIFEST_FILE}; ${hintFor(bare, search)}`,
  );
}

/** What helps who named no implementation: a name that is near, or how one is begun. */
function hintFor(bare: string, search: ManifestSearch): string {
  const place = resolve(search.cwd, bare);
  if (statSync(place, QUIETLY)?.isDirectory() === true)
    return 'the folder is there, and `npx weir init` in another one shows what such a file holds';
  const near = nearest(basename(bare), [...new Set([dirname(place), search.builtin])].flatMap(namesIn));
  return near.length > 0 ? `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?` : '`npx weir init` begins one';
}

/** The folders in a folder that hold an implementation; none where it cannot be read. */
function namesIn(folder: string): string[] {
  if (statSync(folder, QUIETLY)?.isDirectory() !== true) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, MANIFEST_FILE)));
}

function manifestAt(path: string, search: ManifestSearch): string | undefined {
  const places = [resolve(search.cwd, path), ...(/[\\/]/.test(path) || path === '' ? [] : [join(search.builtin, path)])];
  for (const place of places) {
    // What is there but no folder is meant, also where it cannot be read: reading it says why.
    if (lstatSync(place, QUIETLY) === undefined) continue;
    if (statSync(place, QUIETLY)?.isDirectory() !== true) return place;
    const inside = join(place, MANIFEST_FILE);
    if (lstatSync(inside, QUIETLY) !== undefined) return inside;
  }
  return undefined;
}

const QUIETLY = { throwIfNoEntry: false } as const;

/** `findManifest`, `readManifest` and `resolveManifest` in one. */
export function loadImplementation(reference: string, search: ManifestSearch): Implementation {
  const { file, label } = findManifest(reference, search);
  return resolveManifest(file, readManifest(file), label);
}
