import { concatenate } from '../../common/byte-queue.ts';
import { bytesOf, type Entries, type RespType, type RespValue, type Text } from './value.ts';

/** The first byte of each type, as a character. Nothing is `_`, or a length of -1. */
export const MARKS: Readonly<Record<Exclude<RespType, 'null'>, string>> = {
  simple: '+',
  error: '-',
  integer: ':',
  bulk: '$',
  array: '*',
  set: '~',
  push: '>',
  map: '%',
  attributed: '|',
  boolean: '#',
  double: ',',
  'big-number': '(',
  'bulk-error': '!',
  verbatim: '=',
};

const NULLS = { null: '_', bulk: '$-1', array: '*-1' } as const;

/** A value as Redis writes it. Throws a RangeError for one that cannot be written, as a status of two lines. */
export function encodeValue(value: RespValue): Uint8Array {
  const pieces: Uint8Array[] = [];
  write(value, pieces);
  return concatenate(pieces);
}

/** A command as clients write it: an array of strings. */
export function encodeCommand(args: readonly Text[]): Uint8Array {
  const pieces = [line(`*${args.length}`)];
  for (const arg of args) writeString('$', bytesOf(arg), pieces);
  return concatenate(pieces);
}

function write(value: RespValue, pieces: Uint8Array[]): void {
  const mark = value.type === 'null' ? '' : MARKS[value.type];
  switch (value.type) {
    case 'simple':
    case 'error':
      if (value.data.some((byte) => byte === 13 || byte === 10)) throw new RangeError(`a value of type ${value.type} is one line`);
      pieces.push(bytesOf(mark), value.data, line(''));
      return;
    case 'bulk':
    case 'bulk-error':
      writeString(mark, value.data, pieces);
      return;
    case 'verbatim':
      if (value.format.length !== 3)
        throw new RangeError(`the format of a verbatim string has three characters, not ${value.format.length}`);
      writeString(mark, concatenate([Uint8Array.from(value.format, (each) => each.charCodeAt(0)), bytesOf(':'), value.data]), pieces);
      return;
    case 'integer':
      pieces.push(line(`${mark}${value.value}`));
      return;
    case 'double':
    case 'big-number':
      pieces.push(line(`${mark}${value.text}`));
      return;
    case 'boolean':
      pieces.push(line(`${mark}${value.value ? 't' : 'f'}`));
      return;
    case 'null':
      pieces.push(line(NULLS[value.form]));
      return;
    case 'array':
    case 'set':
    case 'push':
      pieces.push(line(`${mark}${value.items.length}`));
      for (const item of value.items) write(item, pieces);
      return;
    case 'map':
      writeEntries(mark, value.entries, pieces);
      return;
    case 'attributed':
      writeEntries(mark, value.attributes, pieces);
      write(value.value, pieces);
  }
}

function writeEntries(mark: string, entries: Entries, pieces: Uint8Array[]): void {
  pieces.push(line(`${mark}${entries.length}`));
  for (const [key, value] of entries) {
    write(key, pieces);
    write(value, pieces);
  }
}

function writeString(mark: string, data: Uint8Array, pieces: Uint8Array[]): void {
  pieces.push(line(`${mark}${data.length}`), data, line(''));
}

function line(text: string): Uint8Array {
  return bytesOf(`${text}\r\n`);
}
