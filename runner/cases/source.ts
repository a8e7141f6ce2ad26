import { createRequire } from 'node:module';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import type { Place } from './case.ts';
import type { Problem } from './problem.ts';

/** A path into a YAML file: keys and indices. */
export type Path = readonly (string | number)[];

/** A YAML file that was read: its value, and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands; where there is none, the nearest thing above it. */
  place(path: Path): Place;
  /** A problem with the value at a path, or (`on: 'key'`) with the key that leads to it. */
  problem(path: Path, message: string, hint?: string, on?: 'key' | 'value'): Problem;
}

/** A source, or what is wrong with its YAML. */
export type ReadOutcome = { readonly ok: true; readonly source: Source } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads YAML 1.2 (core schema). Most files are right and nobody asks where things stand in them, so the value comes from
 * the fast reader, and the one that knows positions is only asked for a place or when something is wrong.
 */
export function readSource(file: string, text: string): ReadOutcome {
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA, filename: file });
  } catch (error) {
    return { ok: false, problems: syntaxProblems(file, text, error) };
  }
  let root: unknown;
  const range = (path: Path, on: 'key' | 'value'): Extent => {
    root ??= positioned(text).contents;
    return locate(root, path, on) ?? { start: 0, end: 1 };
  };
  const source: Source = {
    file,
    value,
    place: (path) => placeOf(file, text, range(path, 'value').start),
    problem: (path, message, hint, on = 'value') => {
      const { start, end } = range(path, on);
      return { ...placeOf(file, text, start), length: end - start, message, hint };
    },
  };
  return { ok: true, source };
}

/** Loaded when first needed: it costs more than all else at start-up. */
function positioned(text: string): Document.Parsed {
  const { parseDocument } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  return parseDocument(text, { prettyErrors: false, stringKeys: true });
}

function syntaxProblems(file: string, text: string, error: unknown): Problem[] {
  const { errors } = positioned(text);
  if (errors.length === 0) {
    // The two readers disagree; then the fast one, which refused, knows where.
    const offset = error instanceof YAMLException ? error.mark.position : 0;
    const reason = error instanceof YAMLException ? error.reason : String(error);
    return [{ ...placeOf(file, text, offset), length: 1, message: `not valid YAML: ${reason}`, hint: undefined }];
  }
  return errors.map(({ pos, message, code }) => ({
    ...placeOf(file, text, pos[0]),
    length: Math.max(1, pos[1] - pos[0]),
    message: `not valid YAML: ${message}`,
    hint: yamlHint(code),
  }));
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
