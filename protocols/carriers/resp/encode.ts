import { concatenate } from '../../common/byte-queue.ts';
import { writeUtf8 } from '../../common/utf8.ts';
import type { Entries, RespType, RespValue, Text } from './value.ts';

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
  const writing = new Writing();
  write(value, writing);
  return writing.bytes();
}

/** A command as clients write it: an array of strings. */
export function encodeCommand(args: readonly Text[]): Uint8Array {
  const writing = new Writing();
  writing.line(`*${args.length}`);
  for (const arg of args) writing.string('$', arg);
  return writing.bytes();
}

/** What is being written, with how many bytes that is: it is put together once, however many lines and strings there are. */
class Writing {
  readonly #pieces: Text[] = [];
  /** Text that follows text waits. */
  #text = '';
  #length = 0;

  mark(mark: string): void {
    this.#text += mark;
    this.#length += mark.length;
  }

  /** Takes text of ASCII. */
  line(text: string): void {
    this.mark(`${text}\r\n`);
  }

  /** Bytes behind a mark and how many they are. */
  string(mark: string, data: Text): void {
    if (typeof data === 'string') {
      const length = Buffer.byteLength(data);
      this.line(`${mark}${length}`);
      this.#text += data;
      this.#length += length;
      this.line('');
    } else {
      this.line(`${mark}${data.length}`);
      this.raw(data);
    }
  }

  /** Bytes as they are, and the end of their line. */
  raw(data: Uint8Array): void {
    this.#flush();
    this.#pieces.push(data);
    this.#length += data.length;
    this.line('');
  }

  bytes(): Uint8Array {
    this.#flush();
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      if (typeof piece === 'string') at = writeUtf8(bytes, at, piece);
      else {
        bytes.set(piece, at);
        at += piece.length;
      }
    }
    return bytes;
  }

  #flush(): void {
    if (this.#text !== '') this.#pieces.push(this.#text);
    this.#text = '';
  }
}

function write(value: RespValue, writing: Writing): void {
  const mark = value.type === 'null' ? '' : MARKS[value.type];
  switch (value.type) {
    case 'simple':
    case 'error':
      if (value.data.some((byte) => byte === 13 || byte === 10)) throw new RangeError(`a value of type ${value.type} is one line`);
      writing.mark(mark);
      writing.raw(value.data);
      return;
    case 'bulk':
    case 'bulk-error':
      writing.string(mark, value.data);
      return;
    case 'verbatim':
      if (value.format.length !== 3)
        throw new RangeError(`the format of a verbatim string has three characters, not ${value.format.length}`);
      writing.string(mark, concatenate([Uint8Array.from(`${value.format}:`, (each) => each.charCodeAt(0)), value.data]));
      return;
    case 'integer':
      writing.line(`${mark}${value.value}`);
      return;
    case 'double':
    case 'big-number':
      writing.line(`${mark}${value.text}`);
      return;
    case 'boolean':
      writing.line(`${mark}${value.value ? 't' : 'f'}`);
      return;
    case 'null':
      writing.line(NULLS[value.form]);
      return;
    case 'array':
    case 'set':
    case 'push':
      writing.line(`${mark}${value.items.length}`);
      for (const item of value.items) write(item, writing);
      return;
    case 'map':
      writeEntries(mark, value.entries, writing);
      return;
    case 'attributed':
      writeEntries(mark, value.attributes, writing);
      write(value.value, writing);
  }
}

function writeEntries(mark: string, entries: Entries, writing: Writing): void {
  writing.line(`${mark}${entries.length}`);
  for (const [key, value] of entries) {
    write(key, writing);
    write(value, writing);
  }
}
