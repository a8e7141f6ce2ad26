import type { Role } from '../../protocols/common/frame.ts';
import type { CaseHead, Corpus } from '../cases/case.ts';
import { partOfId } from '../cases/load.ts';
import { nearest, suggestion } from '../cases/suggest.ts';
import { anyGlob, GlobError, glob as oneGlob, scanGlob } from '../globs/glob.ts';
import { SelectionError } from './selection-error.ts';

/** Tag of cases that take many times as long as others. They run where a pattern or this tag names them, and not with the rest. */
export const LONG = 'long';

/** Which cases are wanted. Different fields narrow each other; within a field one match is enough. */
export interface Selection {
  /** Globs over ids: `river/rpc/*`, `reconnect/**`, `!river/slow/**`. Whole run ids are taken too. Empty: all cases. */
  readonly patterns: readonly string[];
  /** With one of these tags, and none of those that are written `!large`. */
  readonly tags?: readonly string[] | undefined;
  readonly requirements?: readonly string[] | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly bindings?: readonly string[] | undefined;
  /** Whether cases that take long are wanted although nothing names them (default no). */
  readonly long?: boolean;
}

/** The cases of a selection, in order of id. Throws `SelectionError` when any part of it matches nothing. */
export function select<C extends CaseHead>(corpus: Corpus<C>, selection: Selection, bindings: readonly string[]): readonly C[] {
  const { tags, requirements } = selection;
  const allTags = new Set(corpus.cases.flatMap((loaded) => loaded.tags));
  mustExist(
    'tag',
    tags?.map((tag) => tag.replace(/^!/, '')),
    allTags,
  );
  mustExist('requirement', requirements, new Set(corpus.requirements.keys()));
  mustExist('binding', selection.bindings, new Set(bindings));
  const matches = matcher(corpus, selection.patterns);
  const tagged = tagMatcher(tags ?? []);
  const named = selection.long === true || tags?.includes(LONG) === true || selection.patterns.some((pattern) => !pattern.startsWith('!'));
  const found = corpus.cases.filter(
    (loaded) =>
      matches(loaded) &&
      (named || !loaded.tags.includes(LONG)) &&
      tagged(loaded.tags) &&
      (requirements === undefined || loaded.requirements.some((id) => requirements.includes(id))) &&
      (selection.roles === undefined || loaded.roles.some((role) => selection.roles?.includes(role))),
  );
  if (found.length === 0) throw new SelectionError('no case is left: the parts of the selection exclude each other');
  return found;
}

function mustExist(what: string, wanted: readonly string[] | undefined, known: ReadonlySet<string>): void {
  for (const word of wanted ?? []) {
    if (!known.has(word)) throw new SelectionError(`unknown ${what} \`${word}\`; ${suggestion(word, known, `${what}s`)}`);
  }
}

/** Whether the tags of a case are among those that are wanted, which are all where none is named but with `!`, and no other. */
function tagMatcher(words: readonly string[]): (tags: readonly string[]) => boolean {
  const wanted = words.filter((word) => !word.startsWith('!'));
  return (tags) => (wanted.length === 0 || tags.some((tag) => wanted.includes(tag))) && !tags.some((tag) => words.includes(`!${tag}`));
}

/** What reading only the wanted part of a corpus goes by. */
export interface Reach {
  /** Whether the file whose path makes this id may hold a case that the patterns name by its id. */
  readonly file: (id: string) => boolean;
  /** Whether a file may say in its text that one of its cases had an id that the patterns name. */
  readonly text: (text: string) => boolean;
  /** Whether the patterns name a case, by its id or one that it had. */
  readonly wants: (id: string, aliases: readonly string[]) => boolean;
}

/** What patterns reach of a corpus. A file with axes holds cases whose ids go on where its own ends. */
export function reachOf(protocol: string, patterns: readonly string[]): Reach {
  const named = patterns.map((pattern) => {
    const full = fullGlob(protocol, pattern);
    const { base, isGlob } = scanGlob(full);
    return { test: glob(protocol, pattern), base, isGlob, old: isGlob ? [] : ancestors(full) };
  });
  return {
    file: (id) =>
      named.some(
        ({ test, base, isGlob }) =>
          test(id) || base.startsWith(`${id}/`) || (isGlob && (base === '' || id === base || id.startsWith(`${base}/`))),
      ),
    text: (text) => named.some(({ old }) => old.some((id) => text.includes(id))),
    wants: (id, aliases) => named.some(({ test }) => test(id) || aliases.some((alias) => test(alias))),
  };
}

/** An id and what it may be below of: at least an area and a name. */
function ancestors(id: string): string[] {
  const parts = id.split('/');
  return parts.slice(2).map((_part, i) => parts.slice(0, i + 3).join('/'));
}

/** Throws a `SelectionError` for the first pattern that matches no case, with those that it may have meant. */
export function mustMatch(corpus: Corpus<CaseHead>, patterns: readonly string[]): void {
  for (const pattern of patterns) {
    const test = glob(corpus.protocol, pattern.replace(/^!/, ''));
    if (!corpus.cases.some((loaded) => namesOf(loaded).some(test))) {
      throw new SelectionError(`no case matches \`${pattern}\`; ${near(corpus, pattern)}`);
    }
  }
}

const namesOf = ({ id, aliases }: CaseHead): readonly string[] => [id, ...aliases];

/** Whether patterns want a case; a `!` that says a role or a binding leaves out only that (`axesMatcher`). */
function matcher(corpus: Corpus<CaseHead>, patterns: readonly string[]): (loaded: CaseHead) => boolean {
  mustMatch(corpus, patterns);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map((pattern) => glob(corpus.protocol, pattern));
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!') && axesOf(pattern) === undefined)
    .map((pattern) => glob(corpus.protocol, pattern.slice(1)));
  return (loaded) => {
    const isNamed = (test: (name: string) => boolean): boolean => namesOf(loaded).some(test);
    return (wanted.length === 0 || wanted.some(isNamed)) && !unwanted.some(isNamed);
  };
}

/** Whether the patterns want a case for this role and binding: `rpc/add@client+json` names one run, `rpc/*@server` a role, `!rpc/add@client` all but one. */
export function axesMatcher(protocol: string, patterns: readonly string[]): (loaded: CaseHead, role: Role, binding: string) => boolean {
  const testOfRuns = (pattern: string): ReturnType<typeof axesMatcher> => {
    const id = glob(protocol, pattern);
    const axes = axesOf(pattern);
    return (loaded, role, binding) =>
      (axes === undefined || axes.word === role || axes.test(`${role}+${binding}`)) && namesOf(loaded).some(id);
  };
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(testOfRuns);
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => testOfRuns(pattern.slice(1)));
  return (...run) => (wanted.length === 0 || wanted.some((test) => test(...run))) && !unwanted.some((test) => test(...run));
}

function axesOf(pattern: string): { readonly word: string; readonly test: (axes: string) => boolean } | undefined {
  const word = /@([^/]*)$/.exec(pattern)?.[1]?.replace(/#\d+$/, '');
  return word === undefined ? undefined : { word, test: testOf(word, () => oneGlob(word)) };
}

/** The protocol's name may be left out, and what follows `@` in a run id is not part of the case's. */
function glob(protocol: string, pattern: string): (id: string) => boolean {
  const full = fullGlob(protocol, pattern);
  return testOf(pattern, () => anyGlob([full, `${full}/**`]));
}

function fullGlob(protocol: string, pattern: string): string {
  const part = partOfId(pattern.replace(/@[^/]*$/, ''));
  const bare = part.replace(/\.yaml$/, '');
  // A file may have the protocol's name, and is one case all the same.
  return part === protocol || bare.startsWith(`${protocol}/`) || bare.startsWith('**') ? bare : `${protocol}/${bare}`;
}

/** A glob that is none is a part of the selection that is wrong. */
function testOf(pattern: string, make: () => (id: string) => boolean): (id: string) => boolean {
  try {
    return make();
  } catch (error) {
    if (error instanceof GlobError) throw new SelectionError(`cannot select by \`${pattern.slice(0, 100)}\`: ${error.message}`);
    throw error;
  }
}

function near(corpus: Corpus<CaseHead>, pattern: string): string {
  const ids = [...new Set(corpus.cases.flatMap((loaded) => [loaded.id, ...loaded.aliases]))];
  const bare = pattern
    .replace(/^!/, '')
    .replace(/@[^/]*$/, '')
    .replaceAll('*', '');
  const full = bare.startsWith(`${corpus.protocol}/`) ? bare : `${corpus.protocol}/${bare}`;
  const close = nearest(full, ids, 5);
  const last = full.split('/').at(-1) ?? full;
  const similar =
    close.length > 0 || last === '' ? close : ids.filter((id) => nearest(last, [id.split('/').at(-1) ?? id]).length > 0).slice(0, 5);
  if (similar.length > 0) return `did you mean ${similar.map((id) => `\`${id}\``).join(' or ')}?`;
  const areas = [...new Set(ids.map((id) => id.split('/').slice(0, 2).join('/')))];
  return `areas: ${areas.join(', ')}`;
}
