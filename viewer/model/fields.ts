import type { FieldRecord } from '../../runner/results/field-record.ts';
import { NOTHING } from './nothing.ts';
import { count } from './text.ts';

/** A node of a message's tree, in the order of reading. */
export interface TreeNode {
  readonly id: string;
  readonly key: string;
  readonly depth: number;
  /** The value of a leaf in one line; undefined for what holds others. */
  readonly text: string | undefined;
  /** What holds others: how many, and of what sort. */
  readonly holds: string | undefined;
  /** Bytes that make it, and how it is written where the value alone does not tell. */
  readonly field: FieldRecord | undefined;
  readonly last: number;
}

/** The place of a member as a text: `payload.items.0`. Dots in keys are escaped. */
export function pathId(path: readonly (string | number)[]): string {
  return path.map((part) => String(part).replaceAll('\\', '\\\\').replaceAll('.', '\\.')).join('.');
}

/** The tree of a message: of its decoded form, or of its bytes alone where it has none. */
export function treeOf(message: unknown, fields: readonly FieldRecord[]): TreeNode[] {
  const byPath = new Map(fields.map((field) => [pathId(field.path), field]));
  const nodes: { -readonly [K in keyof TreeNode]: TreeNode[K] }[] = [];
  if (message === undefined) {
    for (const field of fields) {
      const key = field.path.at(-1);
      if (key === undefined) continue;
      nodes.push({
        id: pathId(field.path),
        key: String(key),
        depth: field.path.length - 1,
        text: field.text,
        holds: field.text === undefined ? '' : undefined,
        field,
        last: 0,
      });
    }
    return nodes;
  }
  const walk = (value: unknown, path: readonly (string | number)[], depth: number): void => {
    const members = membersOf(value);
    const id = pathId(path);
    const field = byPath.get(id);
    if (path.length > 0) {
      const key = String(path.at(-1));
      nodes.push({
        id,
        key,
        depth: depth - 1,
        text: members === undefined ? leaf(value) : undefined,
        holds: members === undefined ? undefined : sizeOf(value),
        field,
        last: 0,
      });
    }
    if (members !== undefined && depth < 100) for (const [key, member] of members) walk(member, [...path, key], depth + 1);
  };
  walk(message, [], 0);
  return nodes;
}

/** What a value holds; undefined for leaves, tagged ones among them. */
function membersOf(value: unknown): [string | number, unknown][] | undefined {
  if (Array.isArray(value)) return value.map((item, i) => [i, item]);
  if (typeof value !== 'object' || value === null || isTagged(value)) return undefined;
  return Object.entries(value);
}

function isTagged(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && /^\$(bytes|bigint|number|undefined|opaque)$/.test(keys[0] ?? '');
}

function leaf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? NOTHING;
  const [tag, content] = Object.entries(value)[0] ?? ['', ''];
  switch (tag) {
    case '$bytes': {
      const encoded = String(content);
      const length = Math.floor((encoded.replace(/=+$/, '').length * 3) / 4);
      const text = textOf(encoded);
      return `${count(length, 'byte')} ${text === undefined ? encoded : JSON.stringify(text)}`;
    }
    case '$undefined':
      return NOTHING;
    case '$bigint':
      return `${String(content)}n`;
    case '$number':
      return String(content);
    case '$opaque':
      return `<${String(content)}>`;
    default:
      return Array.isArray(value) ? '[]' : '{}';
  }
}

/** Characters of base64 beyond which bytes are not looked at for a text. */
const MOST_ENCODED = 64 * 1024;

/** Anything that is no text for people: control characters but those of lines. */
const UNREADABLE = /[^\P{Cc}\n\r\t]/u;

/** Bytes in base64 as the text that they are; undefined where they are none. */
function textOf(encoded: string): string | undefined {
  if (encoded === '' || encoded.length > MOST_ENCODED) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return UNREADABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function sizeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  return `{${Object.keys(value as object).length}}`;
}

/** A stretch of a row of bytes that belongs to one field. */
export interface HexRun {
  readonly from: number;
  readonly to: number;
  /** Index of the innermost field there; -1 where none is. */
  readonly field: number;
}

/** For each byte the innermost field that it is of. */
export function ownersOf(fields: readonly FieldRecord[], length: number): Int32Array {
  const owners = new Int32Array(length).fill(-1);
  // Fields come before what they hold, so that what is inside is written last.
  fields.forEach(({ at: [from, to], path }, index) => {
    if (path.length > 0) owners.fill(index, Math.min(from, length), Math.min(to, length));
  });
  return owners;
}

/** Bytes `from` to `to` as stretches of one field each. */
export function hexRuns(owners: Int32Array, from: number, to: number): HexRun[] {
  const runs: HexRun[] = [];
  let start = from;
  for (let i = from + 1; i <= to; i += 1) {
    if (i < to && owners[i] === owners[start]) continue;
    runs.push({ from: start, to: i, field: owners[start] ?? -1 });
    start = i;
  }
  return runs;
}
