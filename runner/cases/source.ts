import { createRequire } from 'node:module';
import { CORE_SCHEMA, type LoadOptions, load, YAMLException } from 'js-yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import { LONGEST_WRITTEN } from '../files/read.ts';
import type { Place } from './case.ts';
import { excessOf } from './excess.ts';
import { MOST_PROBLEMS, type Problem, TooManyProblems } from './problem.ts';

/** Levels of lists and maps inside each other in a file that people write, aliases filled in. */
export const DEEPEST_FILE = 100;

/** Values of such a file, aliases filled in: each time that one is meant counts. Some characters of a text count as one. */
export const MOST_VALUES_OF_A_FILE = 1_000_000;

/** A path into a YAML file: keys and indices. */
export type Path = readonly (string | number)[];

/** A YAML file that was read: its value, and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands; where there is none, the nearest thing above it. */
  place(path: Path): Place;
  /** The keys of the map at a path as they are written and in that order: the value has numbers first, and 1.10 as 1.1. Empty for what is none. */
  keys(path: Path): readonly string[];
  /** A problem with the value at a path, or (`on: 'key'`) with the key that leads to it. Throws `TooManyProblems` after the hundredth. */
  problem(path: Path, message: string, hint?: string, on?: 'key' | 'value'): Problem;
}

/** A source, or what is wrong with its YAML. */
export type ReadOutcome = { readonly ok: true; readonly source: Source } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads YAML 1.2 (core schema). Most files are right and nobody asks where things stand in them, so the value comes from
 * the fast reader, and the one that knows positions is only asked for a place or when something is wrong. What is longer, deeper or
 * larger than is read is a problem at the place where it becomes so.
 */
export function readSource(file: string, text: string): ReadOutcome {
  if (text.length > LONGEST_WRITTEN) {
    const message = `the file has more than the ${LONGEST_WRITTEN} characters that are read of one`;
    return { ok: false, problems: [{ ...placeOf(file, text, 0), length: 1, message, hint: 'make it several' }] };
  }
  let value: unknown;
  try {
    value = load(text, { ...READING, filename: file });
  } catch (error) {
    return { ok: false, problems: syntaxProblems(file, text, error) };
  }
  let read: unknown;
  const root = (): unknown => (read ??= positioned(text).contents);
  const range = (path: Path, on: 'key' | 'value'): Extent => locate(root(), path, on) ?? { start: 0, end: 1 };
  const told: Problem[] = [];
  const source: Source = {
    file,
    value,
    place: (path) => placeOf(file, text, range(path, 'value').start),
    keys: (path) => itemsOf(nodeAt(root(), path)).flatMap((item) => (isPair(item) ? [String(item.key.value)] : [])),
    problem: (path, message, hint, on = 'value') => {
      if (told.length >= MOST_PROBLEMS) throw new TooManyProblems(told);
      const { start, end } = range(path, on);
      const problem = { ...placeOf(file, text, start), length: end - start, message: cut(message), hint: hint && cut(hint) };
      told.push(problem);
      return problem;
    },
  };
  const excess = excessOf(value, { depth: DEEPEST_FILE, values: MOST_VALUES_OF_A_FILE });
  return excess === undefined ? { ok: true, source } : { ok: false, problems: [source.problem(excess.path, excess.message)] };
}

/** The types of the package are older than its bound. */
const READING: LoadOptions & { readonly maxDepth: number } = { schema: CORE_SCHEMA, maxDepth: DEEPEST_FILE };

/** Longest message and hint; they may quote what is in the file. */
const LONGEST_SENTENCE = 600;

function cut(sentence: string): string {
  return sentence.length > LONGEST_SENTENCE ? `${sentence.slice(0, LONGEST_SENTENCE - 1)}…` : sentence;
}

/** A text with the place of each of its nodes. Its reader is loaded when first needed: it costs more than all else at start-up. */
export function positioned(text: string): Document.Parsed {
  const { parseDocument } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  return parseDocument(text, { prettyErrors: false, stringKeys: true });
}

function syntaxProblems(file: string, text: string, error: unknown): Problem[] {
  // Of several documents in a file it is not said where.
  const mark: Partial<YAMLException>['mark'] = error instanceof YAMLException ? error.mark : undefined;
  const offset = mark?.position ?? 0;
  if (error instanceof YAMLException && error.reason.startsWith('nesting exceeded')) {
    const message = `nested more than ${DEEPEST_FILE} levels deep`;
    return [{ ...placeOf(file, text, offset), length: 1, message, hint: undefined }];
  }
  // The other reader goes on behind an error, and would enter whatever is nested there.
  const errors = mayBeDeep(text) ? [] : positioned(text).errors.slice(0, MOST_PROBLEMS);
  if (errors.length === 0) {
    // The two readers disagree; then the fast one, which refused, knows where.
    const reason = error instanceof YAMLException ? error.reason : String(error);
    return [{ ...placeOf(file, text, offset), length: 1, message: cut(`not valid YAML: ${reason}`), hint: undefined }];
  }
  return errors.map(({ pos, message, code }) => ({
    ...placeOf(file, text, pos[0]),
    length: Math.max(1, pos[1] - pos[0]),
    message: code === 'MULTIPLE_DOCS' ? 'a second document begins here; a file holds one' : cut(`not valid YAML: ${message}`),
    hint: yamlHint(code),
  }));
}

/** Whether more might be open at some point of a text, in brackets or in blocks on one line, than the reader of positions can enter. */
function mayBeDeep(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open += 1;
    else if ((char === ']' || char === '}') && open > 0) open -= 1;
    if (open > DEEPEST_FILE) return true;
  }
  return /(?:[-?:] *){100}/.test(text) || / {400}/.test(text);
}

function placeOf(file: string, text: string, offset: number): Place {
  const upTo = text.slice(0, offset);
  const start = upTo.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  return { file, line: upTo.split('\n').length, column: offset - start + 1, text: line };
}

function yamlHint(code: string): string | undefined {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'each key may stand once in a map; give a second step its own `- `';
    case 'MULTIPLE_DOCS':
      return 'give it a file of its own, or take the `---` out';
    case 'TAB_AS_INDENT':
      return 'indent with spaces';
    case 'MISSING_CHAR':
    case 'BAD_INDENT':
      return 'check brackets, quotes and indentation; quote text that holds `: `, `#`, `{` or `}`';
    default:
      return undefined;
  }
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

function extent(node: Node): Extent | undefined {
  const range = node.range;
  return range ? { start: range[0], end: Math.max(range[1], range[0] + 1) } : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

/** The children of a map or list node. */
function itemsOf(node: unknown): readonly unknown[] {
  return isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items : [];
}

function isPair(item: unknown): item is Pair<Scalar, unknown> {
  return typeof item === 'object' && item !== null && 'key' in item && isNode(item.key);
}

/** The node at a path of keys. */
function nodeAt(root: unknown, path: Path): unknown {
  return path.reduce(
    (node, part) =>
      itemsOf(node)
        .filter(isPair)
        .find(({ key }) => String(key.value) === String(part))?.value,
    root,
  );
}

function locate(root: unknown, path: Path, on: 'key' | 'value'): Extent | undefined {
  let node: unknown = root;
  let found = isNode(node) ? extent(node) : undefined;
  for (const [depth, part] of path.entries()) {
    const items = itemsOf(node);
    const pair = items.filter(isPair).find(({ key }) => String(key.value) === String(part));
    const item = typeof part === 'number' && !isPair(items[part]) ? items[part] : undefined;
    const next = pair === undefined ? item : pair.value;
    const onKey = pair !== undefined && ((on === 'key' && depth === path.length - 1) || !isNode(next));
    const shown: unknown = onKey ? pair.key : next;
    if (!isNode(shown)) return found;
    found = extent(shown) ?? found;
    node = next;
  }
  return found;
}
