import { latin1 } from '../../common/latin1.ts';
import { LONGEST_BIGINT, MESSAGE_LIMITS } from '../../common/limits.ts';
import { MARKS } from './encode.ts';
import { wordsIn } from './inline.ts';
import { DEEPEST, LONGEST_FRAME } from './limits.ts';
import { lineEnd, plainNumber } from './lines.ts';
import type { Entries, RespType, RespValue } from './value.ts';

/** What decoding gives: never an exception, whatever the bytes are. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** A command as it was sent. */
export interface Command {
  /** Its name and its arguments; none where Redis takes it for no command and answers nothing. */
  readonly args: readonly Uint8Array[];
  /** Whether it came as a line of words and not as an array of strings. */
  readonly inline: boolean;
}

/** A reply or a push: exactly one value. */
export function decodeValue(data: Uint8Array): Decoded<RespValue> {
  return decoding(data, (reader) => {
    const value = reader.value(0, true);
    reader.end();
    return value;
  });
}

/** A command: an array of strings, or a line of words. */
export function decodeCommand(data: Uint8Array): Decoded<Command> {
  return decoding(data, (reader) => {
    if (data[0] !== STAR) {
      const words = wordsIn(reader.inline());
      if (words === undefined) throw new Malformed('a quote of a command in words is not closed, or something follows it at once');
      return { args: words, inline: true };
    }
    const args = reader.command();
    reader.end();
    return { args, inline: false };
  });
}

const [CR, LF, STAR] = [13, 10, 42];
const TYPES: ReadonlyMap<string, RespType> = new Map(Object.entries(MARKS).map(([type, mark]) => [mark, type as RespType]));
const LENGTH = /^-?\d{1,19}$/;
const INTEGER = /^[+-]?\d{1,19}$/;
const DOUBLE = /^(?:[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?inf|[+-]?nan)$/;
const BIG_NUMBER = /^[+-]?\d+$/;

/** Ends a decoding from within; never leaves this file. */
class Malformed extends Error {}

function decoding<T>(data: Uint8Array, read: (reader: Reader) => T): Decoded<T> {
  try {
    return { ok: true, value: read(new Reader(data)) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: error.message };
    throw error;
  }
}

class Reader {
  readonly #data: Uint8Array;
  #at = 0;
  #values = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  end(): void {
    if (this.#at < this.#data.length) throw new Malformed(`${this.#data.length - this.#at} bytes behind the value`);
  }

  inline(): Uint8Array {
    const end = this.#data.indexOf(LF);
    if (end !== this.#data.length - 1) throw new Malformed('a command in words is one line');
    return this.#data.subarray(0, this.#data[end - 1] === CR ? end - 1 : end);
  }

  command(): Uint8Array[] {
    this.#at += 1;
    const count = Math.max(0, this.#count());
    const args: Uint8Array[] = [];
    for (let i = 0; i < count; i += 1) {
      this.#spend();
      if (this.#mark() !== MARKS.bulk) throw new Malformed('an argument is no string');
      args.push(this.#string(this.#size()));
    }
    return args;
  }

  value(depth: number, isOutermost = false): RespValue {
    if (depth > DEEPEST) throw new Malformed(`nested more than ${DEEPEST} levels deep`);
    this.#spend();
    const mark = this.#mark();
    const type = mark === '_' ? 'null' : TYPES.get(mark);
    switch (type) {
      case undefined:
        throw new Malformed(`no value begins with ${JSON.stringify(mark)}`);
      case 'simple':
      case 'error':
        return { type, data: this.#line() };
      case 'null':
        this.#content(/^$/, 'nothing');
        return { type, form: 'null' };
      case 'integer':
        return { type, value: this.#integer() };
      case 'boolean':
        return { type, value: this.#content(/^[tf]$/, 'a boolean') === 't' };
      case 'double':
        return { type, text: this.#content(DOUBLE, 'a double') };
      case 'big-number': {
        const text = this.#content(BIG_NUMBER, 'a big number');
        if (text.length > LONGEST_BIGINT) throw new Malformed(`a big number of more than ${LONGEST_BIGINT} digits`);
        return { type, text };
      }
      case 'bulk': {
        const count = this.#count();
        return count === -1 ? { type: 'null', form: 'bulk' } : { type, data: this.#string(this.#size(count)) };
      }
      case 'bulk-error':
        return { type, data: this.#string(this.#size()) };
      case 'verbatim': {
        const data = this.#string(this.#size());
        if (data[3] !== 58) throw new Malformed('a verbatim string without its format');
        return { type, format: String.fromCharCode(...data.subarray(0, 3)), data: data.subarray(4) };
      }
      case 'array': {
        const count = this.#count();
        return count === -1 ? { type: 'null', form: 'array' } : { type, items: this.#items(this.#size(count), depth) };
      }
      case 'push':
        if (!isOutermost) throw new Malformed('a push inside of another value');
        return { type, items: this.#items(this.#size(), depth) };
      case 'set':
        return { type, items: this.#items(this.#size(), depth) };
      case 'map':
        return { type, entries: this.#entries(depth) };
      case 'attributed': {
        const attributes = this.#entries(depth);
        return { type, attributes, value: this.value(depth + 1) };
      }
    }
  }

  #spend(): void {
    this.#values += 1;
    if (this.#values > MESSAGE_LIMITS.values) throw new Malformed(`more than ${MESSAGE_LIMITS.values} values`);
  }

  #mark(): string {
    const byte = this.#data[this.#at];
    if (byte === undefined) throw new Malformed('it ends before it is whole');
    this.#at += 1;
    return String.fromCharCode(byte);
  }

  #line(): Uint8Array {
    const end = this.#data.indexOf(CR, this.#at);
    if (end < 0 || this.#data[end + 1] !== LF) throw new Malformed('a line without its end');
    const line = this.#data.subarray(this.#at, end);
    if (line.includes(LF)) throw new Malformed('a LF without CR');
    this.#at = end + 2;
    return line;
  }

  #content(form: RegExp, what: string): string {
    const text = latin1(this.#line());
    if (!form.test(text)) throw new Malformed(`${JSON.stringify(text.slice(0, 40))} is not ${what}`);
    return text;
  }

  #integer(): number | bigint {
    const digits = this.#content(INTEGER, 'an integer');
    const small = Number(digits);
    if (Number.isSafeInteger(small)) return small === 0 ? 0 : small;
    const value = BigInt(digits.replace('+', ''));
    if (BigInt.asIntN(64, value) !== value) throw new Malformed(`${value} is more than 64 bits hold`);
    return value;
  }

  #count(): number {
    // Nearly all are a few digits, which are read where they stand.
    const end = lineEnd(this.#data, this.#at);
    const count = end === 0 ? -1 : plainNumber(this.#data, this.#at, end);
    if (count >= 0) {
      this.#at = end;
      return count;
    }
    return Number(this.#content(LENGTH, 'a length'));
  }

  #size(count = this.#count()): number {
    if (count < 0 || count > LONGEST_FRAME) throw new Malformed(`a length of ${count}`);
    return count;
  }

  #string(length: number): Uint8Array {
    const end = this.#at + length;
    if (this.#data[end] !== CR || this.#data[end + 1] !== LF) throw new Malformed('a string without its end');
    const data = this.#data.subarray(this.#at, end);
    this.#at = end + 2;
    return data;
  }

  #items(count: number, depth: number): RespValue[] {
    const items: RespValue[] = [];
    for (let i = 0; i < count; i += 1) items.push(this.value(depth + 1));
    return items;
  }

  #entries(depth: number): Entries {
    const count = this.#size();
    const entries: [RespValue, RespValue][] = [];
    for (let i = 0; i < count; i += 1) entries.push([this.value(depth + 1), this.value(depth + 1)]);
    return entries;
  }
}
