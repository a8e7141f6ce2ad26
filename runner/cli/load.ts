import { existsSync, lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Profile } from '../../protocols/common/requirement.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { CaseHead, Corpus } from '../cases/case.ts';
import { idOfFile, type LoadOptions, loadCorpus, loadHeads } from '../cases/load.ts';
import { loadSet } from '../cases/load-set.ts';
import { CorpusError } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { nearest } from '../cases/suggest.ts';
import { LONGEST_WRITTEN, readText } from '../files/read.ts';
import { underProfile } from '../judge/dispute.ts';
import { packageRoot } from '../package-root.ts';
import type { CaseSet } from '../plan/case-set.ts';
import { mustMatch, reachOf } from '../plan/select.ts';
import { type ProtocolEntry, protocolEntry, registry } from '../registry.ts';
import { UsageError } from './exit.ts';

/** A protocol with its corpus, loaded. */
export interface Loaded {
  readonly entry: ProtocolEntry;
  readonly protocol: Protocol;
  readonly corpus: Corpus;
}

/**
 * Loads a protocol and its corpus; where none is named, the one that the patterns speak of, or the requirements of the first case file
 * among them. With `patterns` only the cases they name are read. A pattern may also be the path of a case file from elsewhere. Throws a
 * `UsageError` for an unknown protocol, or a file whose id is a case's of the corpus, and a `SelectionError` where one of them names none,
 * with those that it may have meant.
 */
export async function loadProtocol(named: string | undefined, patterns: readonly string[] = []): Promise<Loaded> {
  const name = named ?? protocolMeant([...patterns, ...patterns.flatMap(requirementsOf)]);
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  if (named === undefined) refuseSlips(patterns, name);
  const folder = join(packageRoot(), 'cases', name);
  const files = [...new Set(patterns.map((pattern) => pattern.replace(/@[^/]*$/, '')))].filter((path) => isFileElsewhere(path, folder));
  for (const file of files) {
    const id = idOfFile(name, file);
    if (existsSync(join(folder, `${id}.yaml`)))
      throw new UsageError(`${file} would have the id of the case ${name}/${id}; give it another name`);
  }
  const load = (part: Pick<LoadOptions, 'only' | 'mentioning' | 'wants'> = {}): Corpus =>
    loadCorpus({ folder, language: protocol, files, ...part });
  if (!patterns.some((pattern) => !pattern.startsWith('!'))) return { entry, protocol, corpus: load() };
  // What is to be left out is read too, so that a pattern which fits nothing can be told from one that fits.
  const bare = patterns.map((pattern) => pattern.replace(/^!/, ''));
  const { file, text, wants } = reachOf(protocol.name, bare);
  const isFound = ({ cases }: Corpus): boolean => {
    const found = bare.map((pattern) => reachOf(protocol.name, [pattern]).wants);
    return found.every((fits) => cases.some(({ id, aliases }) => fits(id, aliases)));
  };
  const byId = load({ only: file, wants });
  if (isFound(byId)) return { entry, protocol, corpus: byId };
  const byOldId = load({ only: file, mentioning: text, wants });
  if (isFound(byOldId)) return { entry, protocol, corpus: byOldId };
  const foreign = bare.find((pattern) => protocolMeant([pattern, `${name}/`]) !== name);
  if (foreign !== undefined) {
    const theirs = protocolMeant([foreign]);
    throw new UsageError(
      `\`${foreign}\` names cases of ${theirs}, and what is run speaks ${name}; npx weir list --protocol ${name} has the cases of that`,
    );
  }
  // Which one was meant is told by what cases say of themselves.
  mustMatch(loadHeads({ folder, language: protocol, files }), patterns);
  return { entry, protocol, corpus: load() };
}

/** Loads a protocol and the heads of all its cases, for who only asks what there is. Throws as `loadProtocol` does. */
export async function loadProtocolHeads(
  named: string | undefined,
  patterns: readonly string[] = [],
): Promise<Pick<Loaded, 'protocol'> & { readonly heads: Corpus<CaseHead> }> {
  const name = named ?? protocolMeant(patterns);
  const protocol = await entryOf(name).protocol();
  return { protocol, heads: loadHeads({ folder: join(packageRoot(), 'cases', name), language: protocol }) };
}

/** Loads a protocol without its cases: for peers that run on their own. */
export async function loadServices(name: string = protocolMeant([])): Promise<Loaded> {
  return loadCases(name, new Set());
}

/** Loads a protocol and the cases with these ids. */
export async function loadCases(name: string, ids: ReadonlySet<string>): Promise<Loaded> {
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  // A file may hold cases whose ids go on where its own ends.
  const files = new Set([...ids].flatMap((id) => id.split('/').map((_part, i, parts) => parts.slice(0, i + 1).join('/'))));
  const only = (id: string): boolean => files.has(id);
  const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', name), language: protocol, only, wants: (id) => ids.has(id) });
  return { entry, protocol, corpus };
}

/** Loads a protocol and the cases of those files whose text is so. */
export async function loadCasesOfTexts(name: string, mentioning: (text: string) => boolean): Promise<Loaded> {
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', name), language: protocol, only: () => false, mentioning });
  return { entry, protocol, corpus };
}

/** The frozen set of that name. Throws a `UsageError` where there is none. */
export function setNamed({ protocol }: Pick<Loaded, 'protocol'>, name: string | undefined): CaseSet | undefined {
  if (name === undefined) return undefined;
  try {
    return loadSet(join(packageRoot(), 'cases', protocol.name), name);
  } catch (error) {
    if (error instanceof CorpusError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What was loaded, with every disputed rule ruled by the profile. */
export function withProfile(loaded: Loaded, profile: Profile | undefined): Loaded {
  const requirements = underProfile(loaded.corpus.requirements, profile);
  return { ...loaded, corpus: { ...loaded.corpus, requirements } };
}

/** The binding that was asked for, or the protocol's first. Throws a `UsageError` for one it has not. */
export function bindingOf(wanted: string | undefined, bindings: readonly string[]): string {
  const binding = wanted ?? bindings[0];
  if (binding === undefined || !bindings.includes(binding))
    throw new UsageError(`there is no binding ${String(binding)}; there are ${bindings.join(', ')}`);
  return binding;
}

/** Whether a pattern is the path of a case file that the corpus does not hold. */
function isFileElsewhere(path: string, folder: string): boolean {
  // A link that leads nowhere is meant as a file, too: reading it says so.
  const isThere = standsThere(path);
  return path.endsWith('.yaml') && !path.startsWith('!') && isThere && relative(folder, path).startsWith('..');
}

/**
 * The protocol that ids or patterns speak of: the one that the first of them begins with which begins with any, as ids of cases
 * (`river/rpc/add`) and of requirements (`RIVER-HS-03`) do, or that is its name; the first there is where none does.
 */
export function protocolMeant(words: readonly string[]): string {
  for (const word of words) {
    const first = /^!?([a-z0-9]+)(?:[/-]|$)/i.exec(word)?.[1]?.toLowerCase();
    if (first !== undefined && Object.hasOwn(registry, first)) return first;
  }
  return Object.keys(registry)[0] ?? '';
}

/** The requirements that a case file names at a path, as far as it can be read without knowing its protocol; none where there is no such file. */
function requirementsOf(path: string): string[] {
  if (!path.endsWith('.yaml') || !standsThere(path)) return [];
  const read = readSource(path, readText(path, LONGEST_WRITTEN));
  const named = read.ok && isPlainObject(read.source.value) ? read.source.value['requirements'] : undefined;
  return [named].flat().filter((id) => typeof id === 'string');
}

/** A pattern whose first part is no area, and nearly the name of a protocol, means that. Throws a `SelectionError`. */
function refuseSlips(patterns: readonly string[], name: string): void {
  for (const pattern of patterns) {
    const [, first] = /^!?([a-z]+)\/[^/]+\//.exec(`${pattern}/`) ?? [];
    if (first === undefined || Object.hasOwn(registry, first) || existsSync(join(packageRoot(), 'cases', name, first))) continue;
    if (!standsThere(pattern) && nearest(first, Object.keys(registry)).length > 0) entryOf(first);
  }
}

/** The entry of a protocol. Throws a `UsageError` that says which one was meant, and those there are. */
export function entryOf(name: string): ProtocolEntry {
  if (Object.hasOwn(registry, name)) return protocolEntry(name);
  const names = Object.keys(registry);
  const near = nearest(name, names).map((each) => `\`${each}\``);
  const meant = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  throw new UsageError(`there is no protocol ${JSON.stringify(name)}; ${meant}Weir knows ${names.join(', ')}`);
}

/** Whether something stands at a path, a broken link too. What the system takes for no path (a name too long, a file as a folder) is a pattern. */
function standsThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
