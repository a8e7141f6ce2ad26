import { isUtf8 } from 'node:buffer';
import { DECIMAL, INTEGER_PLACES, type OddForm, type OddFormKind, pointer } from './odd-form.ts';

/** Extension type of big integers (RIVER-CODEC-04). */
const BIG_INTEGER = 0;

/** A map or list that is being read. */
interface Level {
  readonly keys: Set<unknown> | undefined;
  /** Items that are still to come; a key and its value are two. */
  left: number;
  /** Items read so far. */
  read: number;
}

/** The header of a map or list; its items follow. */
interface Container {
  readonly kind: 'map' | 'list';
  readonly count: number;
}

/** A value without items. */
type Scalar =
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text' | 'bytes'; readonly content: Uint8Array }
  | { readonly kind: 'extension'; readonly type: number; readonly content: Uint8Array }
  | { readonly kind: 'constant'; readonly value: string };

/** The odd forms of a MessagePack message that is known to be decodable, in order (RIVER-CODEC-04, -05). */
export function oddFormsOfMsgpack(data: Uint8Array): readonly OddForm[] {
  const odd: OddForm[] = [];
  const reader = new Reader(data);
  const levels: Level[] = [];
  const steps: (string | number)[] = [];
  const report = (what: OddFormKind, shown: string): void => void odd.push({ what, at: pointer(steps), shown });
  while (!reader.isOver) {
    const level = levels.at(-1);
    const isKey = level?.keys !== undefined && level.left % 2 === 0;
    if (level !== undefined) {
      if (level.keys === undefined) steps[steps.length - 1] = level.read;
      level.left -= 1;
      level.read += 1;
    }
    const value = reader.next();
    if (isKey) {
      const key = value.kind === 'text' ? textOf(value.content) : show(value);
      steps[steps.length - 1] = key;
      if (value.kind !== 'text') report('key', show(value));
      else if (!isText(value.content)) report('text', show(value));
      if (level.keys?.has(key)) report('repeated-key', show(value));
      level.keys?.add(key);
    } else if (isContainer(value)) {
      const keys = value.kind === 'map' ? new Set() : undefined;
      levels.push({ keys, left: keys === undefined ? value.count : value.count * 2, read: 0 });
      steps.push('');
    } else {
      const what = oddValue(value, steps);
      if (what !== undefined) report(what, show(value));
    }
    while (levels.at(-1)?.left === 0) {
      levels.pop();
      steps.pop();
    }
  }
  return odd;
}

function isContainer(value: Scalar | Container): value is Container {
  return value.kind === 'map' || value.kind === 'list';
}

function oddValue(value: Scalar, steps: readonly (string | number)[]): OddFormKind | undefined {
  switch (value.kind) {
    case 'integer':
      return Number.isSafeInteger(Number(value.value)) ? undefined : 'integer';
    case 'float':
      return INTEGER_PLACES.has(pointer(steps)) ? 'float' : undefined;
    case 'text':
      return isText(value.content) ? undefined : 'text';
    case 'extension':
      return value.type === BIG_INTEGER && !isBigInteger(value.content) ? 'big-integer' : undefined;
    case 'bytes':
    case 'constant':
      return undefined;
  }
}

/** A number within 53 bits, or else its digits as text. */
function isBigInteger(content: Uint8Array): boolean {
  const body = new Reader(content).next();
  if (body.kind === 'integer') return Number.isSafeInteger(Number(body.value));
  if (body.kind !== 'text') return false;
  const digits = textOf(body.content);
  return DECIMAL.test(digits) && !Number.isSafeInteger(Number(digits));
}

/** UTF-8, or halves of surrogate pairs, for which there is no other form (notes, section 2.3). */
function isText(content: Uint8Array): boolean {
  return isUtf8(content) || isUtf8(withoutSurrogates(content));
}

function withoutSurrogates(content: Uint8Array): Uint8Array {
  const isHalf = (at: number) =>
    content[at] === 0xed && ((content[at + 1] ?? 0) & 0xe0) === 0xa0 && ((content[at + 2] ?? 0) & 0xc0) === 0x80;
  return content.filter((_byte, at) => !isHalf(at) && !isHalf(at - 1) && !isHalf(at - 2));
}

const fromUtf8 = new TextDecoder();

function textOf(content: Uint8Array): string {
  return fromUtf8.decode(content);
}

function show(value: Scalar | Container): string {
  switch (value.kind) {
    case 'integer':
    case 'constant':
      return `the ${value.kind} ${value.value}`;
    case 'float':
      return `the float ${Object.is(value.value, -0) ? '-0' : value.value}`;
    case 'text':
      return JSON.stringify(textOf(value.content));
    case 'bytes':
      return `bytes ${hexOf(value.content)}`;
    case 'extension':
      return `extension ${value.type} with ${hexOf(value.content)}`;
    case 'map':
    case 'list':
      return `a ${value.kind}`;
  }
}

function hexOf(content: Uint8Array): string {
  const shown = Buffer.from(content.subarray(0, 20)).toString('hex');
  return content.length > 20 ? `${shown}…` : shown;
}

/** Reads values one after the other; of maps and lists only the header. */
class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get isOver(): boolean {
    return this.#at >= this.#data.length;
  }

  next(): Scalar | Container {
    const first = this.#uint(1);
    if (first < 0x80) return { kind: 'integer', value: first };
    if (first < 0x90) return { kind: 'map', count: first & 0x0f };
    if (first < 0xa0) return { kind: 'list', count: first & 0x0f };
    if (first < 0xc0) return { kind: 'text', content: this.#bytes(first & 0x1f) };
    if (first >= 0xe0) return { kind: 'integer', value: first - 0x100 };
    return this.#long(first);
  }

  #long(first: number): Scalar | Container {
    switch (first) {
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return { kind: 'bytes', content: this.#bytes(this.#uint(2 ** (first - 0xc4))) };
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#uint(2 ** (first - 0xc7)));
      case 0xca:
        return { kind: 'float', value: this.#view.getFloat32(this.#skip(4)) };
      case 0xcb:
        return { kind: 'float', value: this.#view.getFloat64(this.#skip(8)) };
      case 0xcc:
      case 0xcd:
      case 0xce:
        return { kind: 'integer', value: this.#uint(2 ** (first - 0xcc)) };
      case 0xcf:
        return { kind: 'integer', value: this.#view.getBigUint64(this.#skip(8)) };
      case 0xd0:
        return { kind: 'integer', value: this.#view.getInt8(this.#skip(1)) };
      case 0xd1:
        return { kind: 'integer', value: this.#view.getInt16(this.#skip(2)) };
      case 0xd2:
        return { kind: 'integer', value: this.#view.getInt32(this.#skip(4)) };
      case 0xd3:
        return { kind: 'integer', value: this.#view.getBigInt64(this.#skip(8)) };
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (first - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return { kind: 'text', content: this.#bytes(this.#uint(2 ** (first - 0xd9))) };
      case 0xdc:
      case 0xdd:
        return { kind: 'list', count: this.#uint(2 ** (first - 0xdb)) };
      case 0xde:
      case 0xdf:
        return { kind: 'map', count: this.#uint(2 ** (first - 0xdd)) };
      default:
        return { kind: 'constant', value: first === 0xc0 ? 'nil' : first === 0xc2 ? 'false' : 'true' };
    }
  }

  #extension(length: number): Scalar {
    return { kind: 'extension', type: this.#view.getInt8(this.#skip(1)), content: this.#bytes(length) };
  }

  #uint(length: number): number {
    const at = this.#skip(length);
    if (length === 1) return this.#view.getUint8(at);
    return length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #bytes(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#data.subarray(at, at + length);
  }

  /** Passes over so many bytes; gives where they began. */
  #skip(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
