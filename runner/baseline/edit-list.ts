import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, isSeq, type Pair, parse, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';

/** Changes to a list of maps in a YAML file. Indices are those of the list as it stands. */
export interface ListEdit {
  /** Entries to take out, with the comments right above them. */
  readonly remove: ReadonlySet<number>;
  /** Members to set in entries. */
  readonly set: ReadonlyMap<number, Readonly<Record<string, unknown>>>;
  /** Elements to take out of lists that are members of entries; never all of a list. */
  readonly drop: ReadonlyMap<number, Readonly<Record<string, readonly string[]>>>;
  /** Entries to put at the end. */
  readonly add: readonly Readonly<Record<string, unknown>>[];
}

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A list that is written in a way which cannot be edited without touching more than was asked for. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

/** An edit that changes nothing. */
export const NO_EDIT: ListEdit = { remove: new Set(), set: new Map(), drop: new Map(), add: [] };

/**
 * Edits the text of a YAML list and leaves everything else of it as it was written: comments, order, quotes, line breaks.
 * Throws an `EditError` where the text is no list of maps, one entry under another, or is written so that an edit would lead
 * elsewhere.
 */
export function editList(text: string, edit: ListEdit): string {
  const crlf = /\r\n/.test(text) && !/[^\r]\n/.test(text);
  const result = crlf ? edited(text.replaceAll('\r\n', '\n'), edit).replaceAll('\n', '\r\n') : edited(text, edit);
  if (!isDeepStrictEqual(listOf(result), expectedOf(listOf(text), edit))) {
    throw new EditError('its YAML is written in a way that this command cannot keep (an anchor, or a dash on a line of its own?)');
  }
  return result;
}

function listOf(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(JSON.stringify(parse(text) ?? []));
    return Array.isArray(value) ? value : [];
  } catch {
    // What cannot be read equals nothing that is expected.
    return [undefined];
  }
}

/** What the list should be after an edit, as JSON. */
function expectedOf(before: readonly unknown[], edit: ListEdit): unknown[] {
  const kept = before.flatMap((entry, i) => {
    if (edit.remove.has(i)) return [];
    const dropped = Object.entries(edit.drop.get(i) ?? {});
    const after = Object.assign({}, entry, edit.set.get(i)) as Record<string, unknown>;
    for (const [key, values] of dropped) after[key] = [after[key]].flat().filter((value) => !values.includes(String(value)));
    return [after];
  });
  return JSON.parse(JSON.stringify([...kept, ...edit.add])) as unknown[];
}

function edited(text: string, edit: ListEdit): string {
  const { contents, errors } = parseDocument(text);
  if (errors[0] !== undefined) throw new EditError(`not valid YAML: ${errors[0].message}`);
  const splices: Splice[] = [];
  const empty = contents === null || (isScalar(contents) && contents.value === null) || (isSeq(contents) && contents.items.length === 0);
  if (empty && isSeq(contents)) splices.push({ ...rangeOf(contents), text: '' });
  if (!empty) {
    if (!isSeq(contents) || isFlow(contents)) throw new EditError('it must be a list with each entry on lines of its own');
    contents.items.forEach((item, i) => {
      if (!isMap(item)) throw new EditError(`entry ${i + 1} is no map`);
      if (edit.remove.has(i)) splices.push(removal(text, item, i === 0));
      else {
        for (const [key, value] of Object.entries(edit.set.get(i) ?? {})) splices.push(setting(text, item, key, value));
        for (const [key, values] of Object.entries(edit.drop.get(i) ?? {})) splices.push(...dropping(text, item, key, values));
      }
    });
  }
  let result = text;
  for (const { from, to, text: put } of splices.sort((a, b) => b.from - a.from)) result = result.slice(0, from) + put + result.slice(to);
  if (edit.add.length === 0) return result;
  const gap = result === '' || result.endsWith('\n') ? '' : '\n';
  const [first] = isSeq(contents) ? contents.items : [];
  const indent = first === undefined ? '' : ' '.repeat(dashColumn(text, rangeOf(first).from));
  return (
    result +
    gap +
    edit.add
      .map(entryText)
      .join('')
      .replaceAll(/^(?=.)/gm, indent)
  );
}

/** From the entry's dash, or the comments right above it, to the end of its last line. */
function removal(text: string, item: YAMLMap, first: boolean): Splice {
  const { from: inside, to: end } = rangeOf(item);
  let from = text.lastIndexOf('\n', inside - 1) + 1;
  const own = from;
  while (from > 0) {
    const above = text.lastIndexOf('\n', from - 2) + 1;
    if (!text.slice(above, from).trimStart().startsWith('#')) break;
    from = above;
  }
  // What stands at the head of the file speaks of the file.
  if (first && from === 0) from = own;
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  let to = lineEnd <= 0 ? text.length : lineEnd;
  const blankBefore = from === 0 || text.slice(0, from).endsWith('\n\n');
  if (blankBefore && text[to] === '\n') to += 1;
  return { from, to, text: '' };
}

/** Writes a member of an entry: in place of the old one, or before the entry's second member. */
function setting(text: string, item: YAMLMap, key: string, value: unknown): Splice {
  const written = stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  const old = item.items.find((pair) => keyOf(pair) === key);
  if (old !== undefined) {
    const { to: from } = rangeOf(old.key);
    const { to: end } = rangeOf(old.value);
    const to = text[end - 1] === '\n' ? end - 1 : end;
    return { from, to, text: `: ${written}` };
  }
  const { from } = rangeOf((item.items[1] ?? item.items[0])?.key);
  const indent = from - (text.lastIndexOf('\n', from - 1) + 1);
  const separator = isFlow(item) ? ', ' : `\n${' '.repeat(item.items[1] === undefined ? indent : columnOf(text, item))}`;
  return { from, to: from, text: `${key}: ${written}${separator}` };
}

/** Takes elements out of a member's list: their lines, or where it is written in one line, the list is written anew. */
function dropping(text: string, item: YAMLMap, key: string, values: readonly string[]): Splice[] {
  const list = item.items.find((pair) => keyOf(pair) === key)?.value;
  if (!isSeq(list)) throw new EditError(`\`${key}\` is no list`);
  const dropped = (node: unknown): boolean => isScalar(node) && values.includes(String(node.value));
  if (isFlow(list))
    return [
      setting(
        text,
        item,
        key,
        list.items.filter((node) => !dropped(node)),
      ),
    ];
  return list.items.filter(dropped).map((node) => {
    const { from, to } = rangeOf(node);
    const lineEnd = text.indexOf('\n', to);
    return { from: text.lastIndexOf('\n', from - 1) + 1, to: lineEnd < 0 ? text.length : lineEnd + 1, text: '' };
  });
}

/** The column of the dash before an entry that begins on the dash's line. */
function dashColumn(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return Math.max(0, text.slice(start, at).search(/\S/));
}

/** The column of a block map's members. */
function columnOf(text: string, item: YAMLMap): number {
  const { from } = rangeOf(item.items[0]?.key);
  return from - (text.lastIndexOf('\n', from - 1) + 1);
}

function entryText(entry: Readonly<Record<string, unknown>>): string {
  const document = new Document([entry]);
  const [item] = isSeq(document.contents) ? document.contents.items : [];
  for (const pair of isMap(item) ? item.items : []) {
    if (isSeq(pair.value) && pair.value.items.length <= 3 && keyOf(pair) !== 'case') pair.value.flow = true;
    if (isMap(pair.value)) pair.value.flow = true;
  }
  return document.toString({ lineWidth: 0, indentSeq: false });
}

function isFlow(node: YAMLMap | YAMLSeq): boolean {
  return node.flow === true;
}

function keyOf(pair: Pair): unknown {
  return isScalar(pair.key) ? pair.key.value : undefined;
}

function rangeOf(node: unknown): { from: number; to: number } {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  if (!Array.isArray(range)) throw new EditError('a part of the file has no place in it');
  return { from: Number(range[0]), to: Number(range[1]) };
}
