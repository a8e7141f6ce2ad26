import { type Field, fieldText, MOST_FIELDS } from './field.ts';

/** A map or list that is being read. */
interface Level {
  readonly index: number;
  readonly isMap: boolean;
  /** Items that are still to come; a key and its value are two. */
  left: number;
  item: string | number;
  from: number;
  /** How the key is written, where it is no text. */
  keyForm: string | undefined;
}

type Writable = { -readonly [K in keyof Field]: Field[K] };

/** A value as its header tells: its bytes, what it holds, how it is written. */
interface Header {
  readonly to: number;
  readonly form: string;
  /** Items of a map or list, a key and its value counting as two. */
  readonly holds?: { readonly isMap: boolean; readonly items: number };
  readonly text?: string;
  readonly isText?: boolean;
}

const fromUtf8 = new TextDecoder();

/**
 * The fields of MessagePack, outer ones first, as far as it can be read and at most `MOST_FIELDS`: of broken bytes too. Every
 * value says in which of its forms it is written. Never throws.
 */
export function fieldsOfMsgpack(data: Uint8Array): Field[] {
  const fields: Writable[] = [];
  const levels: Level[] = [];
  let at = 0;
  while (at < data.length && fields.length < MOST_FIELDS) {
    const header = readHeader(data, at);
    if (header === undefined) break;
    const level = levels.at(-1);
    const isKey = level?.isMap === true && level.left % 2 === 0;
    if (level !== undefined) level.left -= 1;
    if (isKey) {
      level.item = header.isText === true ? textAt(data, at, header.to) : (header.text ?? header.form);
      level.from = at;
      level.keyForm = header.isText === true ? undefined : header.form;
    } else {
      if (level?.isMap === false) level.from = at;
      const form = level?.keyForm === undefined ? header.form : `key ${level.keyForm}, ${header.form}`;
      const field: Writable = { path: levels.map(({ item }) => item), at: [level?.from ?? at, header.to], form };
      if (header.text !== undefined) field.text = fieldText(header.text);
      fields.push(field);
      if (header.holds !== undefined) {
        const { isMap, items } = header.holds;
        levels.push({ index: fields.length - 1, isMap, left: items, item: 0, from: header.to, keyForm: undefined });
      } else if (level?.isMap === false) level.item = Number(level.item) + 1;
    }
    at = header.to;
    close(levels, fields, at);
  }
  for (const { index } of levels) settle(fields[index], Math.max(at, data.length));
  return fields;
}

/** Ends the maps and lists that have all their items. */
function close(levels: Level[], fields: readonly Writable[], at: number): void {
  for (let level = levels.at(-1); level?.left === 0; level = levels.at(-1)) {
    levels.pop();
    settle(fields[level.index], at);
    const outer = levels.at(-1);
    if (outer?.isMap === false) outer.item = Number(outer.item) + 1;
  }
}

function settle(field: Writable | undefined, at: number): void {
  if (field !== undefined) field.at = [field.at[0], at];
}

/** The header of the value at a place; undefined where the bytes end before it does, or are none. */
function readHeader(data: Uint8Array, at: number): Header | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const first = data[at] ?? 0xc1;
  const uint = (length: 1 | 2 | 4): number => {
    if (at + 1 + length > data.length) return Number.NaN;
    return length === 1 ? view.getUint8(at + 1) : length === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1);
  };
  const number = (length: number, form: string, read: () => number | bigint): Header | undefined =>
    at + 1 + length > data.length ? undefined : { to: at + 1 + length, form, text: String(read()) };
  const text = (head: number, length: number, form: string): Header | undefined => {
    const to = at + head + length;
    if (!(to <= data.length)) return undefined;
    return { to, form, isText: true, text: JSON.stringify(fromUtf8.decode(data.subarray(at + head, Math.min(to, at + head + 1024)))) };
  };
  const bytes = (head: number, length: number, form: string): Header | undefined => {
    const to = at + head + length;
    if (!(to <= data.length)) return undefined;
    return { to, form, text: `${length} bytes ${Buffer.from(data.subarray(at + head, Math.min(to, at + head + 64))).toString('hex')}` };
  };
  const extension = (head: number, length: number): Header | undefined =>
    bytes(head, length, `ext ${view.getInt8(Math.min(at + head - 1, data.length - 1))}`);
  const holds = (head: number, isMap: boolean, count: number, form: string): Header | undefined =>
    Number.isNaN(count) ? undefined : { to: at + head, form, holds: { isMap, items: isMap ? count * 2 : count } };
  if (first < 0x80) return { to: at + 1, form: 'fixint', text: String(first) };
  if (first < 0x90) return holds(1, true, first & 0x0f, 'fixmap');
  if (first < 0xa0) return holds(1, false, first & 0x0f, 'fixarray');
  if (first < 0xc0) return text(1, first & 0x1f, 'fixstr');
  if (first >= 0xe0) return { to: at + 1, form: 'negative fixint', text: String(first - 0x100) };
  switch (first) {
    case 0xc0:
      return { to: at + 1, form: 'nil', text: 'null' };
    case 0xc2:
    case 0xc3:
      return { to: at + 1, form: 'bool', text: String(first === 0xc3) };
    case 0xc4:
      return bytes(2, uint(1), 'bin 8');
    case 0xc5:
      return bytes(3, uint(2), 'bin 16');
    case 0xc6:
      return bytes(5, uint(4), 'bin 32');
    case 0xc7:
      return extension(3, uint(1));
    case 0xc8:
      return extension(4, uint(2));
    case 0xc9:
      return extension(6, uint(4));
    case 0xca:
      return number(4, 'float 32', () => view.getFloat32(at + 1));
    case 0xcb:
      return number(8, 'float 64', () => view.getFloat64(at + 1));
    case 0xcc:
      return number(1, 'uint 8', () => view.getUint8(at + 1));
    case 0xcd:
      return number(2, 'uint 16', () => view.getUint16(at + 1));
    case 0xce:
      return number(4, 'uint 32', () => view.getUint32(at + 1));
    case 0xcf:
      return number(8, 'uint 64', () => view.getBigUint64(at + 1));
    case 0xd0:
      return number(1, 'int 8', () => view.getInt8(at + 1));
    case 0xd1:
      return number(2, 'int 16', () => view.getInt16(at + 1));
    case 0xd2:
      return number(4, 'int 32', () => view.getInt32(at + 1));
    case 0xd3:
      return number(8, 'int 64', () => view.getBigInt64(at + 1));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(2, 2 ** (first - 0xd4));
    case 0xd9:
      return text(2, uint(1), 'str 8');
    case 0xda:
      return text(3, uint(2), 'str 16');
    case 0xdb:
      return text(5, uint(4), 'str 32');
    case 0xdc:
      return holds(3, false, uint(2), 'array 16');
    case 0xdd:
      return holds(5, false, uint(4), 'array 32');
    case 0xde:
      return holds(3, true, uint(2), 'map 16');
    case 0xdf:
      return holds(5, true, uint(4), 'map 32');
    default:
      return undefined;
  }
}

/** A text with its header, as a key. */
function textAt(data: Uint8Array, from: number, to: number): string {
  const first = data[from] ?? 0;
  const head = first < 0xc0 ? 1 : first === 0xd9 ? 2 : first === 0xda ? 3 : 5;
  return fieldText(fromUtf8.decode(data.subarray(from + head, to)));
}
