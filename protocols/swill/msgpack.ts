import { decodeMulti, encode } from '@msgpack/msgpack';
import { concatenate } from '../common/byte-queue.ts';
import { MESSAGE_LIMITS, type Meter } from '../common/limits.ts';
import { surveyMsgpack } from '../common/survey-msgpack.ts';
import { isPlainObject, setOwn } from '../common/value.ts';

/**
 * Writes a value as MessagePack: integers in their shortest form up to 64 bits, other numbers as float 64 (SWILL-WIRE-11). Throws on
 * functions, symbols, big integers beyond 64 bits and more than 100 levels.
 */
export function encodeMsgpack(value: unknown): Uint8Array {
  return encode(withLongIntegers(value, 0), { useBigInt64: true });
}

/** An array, and what a decoder does not tell of its elements. */
export interface ReadArray {
  readonly elements: readonly unknown[];
  /** Whether the first element is written as an integer: a float that holds one is none. */
  readonly beginsWithInteger: boolean;
  /** Index of the first element, of those from `textKeysFrom` on, with a map whose keys are not all texts. */
  readonly oddKeys: number | undefined;
}

/**
 * Reads one array, which must be all there is. Integers beyond 2^53 are big ones, keys of maps are texts. Throws on anything else, on
 * bytes behind it, and beyond `MESSAGE_LIMITS` and the meter.
 */
export function readArray(data: Uint8Array, textKeysFrom: number, meter?: Meter): ReadArray {
  const surveyed = surveyMsgpack(data, MESSAGE_LIMITS);
  const error = surveyed.ok ? meter?.spend(surveyed.values) : surveyed.error;
  if (error !== undefined) throw new RangeError(error);
  const { header, count } = arrayHeader(data);
  const elements: unknown[] = [];
  let oddKeys: number | undefined;
  const options = {
    useBigInt64: true,
    maxArrayLength: data.length,
    maxMapLength: data.length,
    mapKeyConverter(key: unknown) {
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint')
        throw new TypeError('a key that is neither text nor number');
      if (typeof key !== 'string' && elements.length >= textKeysFrom) oddKeys ??= elements.length;
      return String(key);
    },
  };
  const rest = new Uint8Array(data.buffer, data.byteOffset + header, data.byteLength - header);
  for (const element of rest.length === 0 ? [] : decodeMulti(rest, options)) elements.push(withShortIntegers(element));
  if (elements.length !== count) throw new RangeError(`an array of ${count} elements in which ${elements.length} are`);
  return { elements, beginsWithInteger: isInteger(data[header] ?? 0xc0), oddKeys };
}

function arrayHeader(data: Uint8Array): { readonly header: number; readonly count: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const first = data[0];
  if (first === undefined) throw new RangeError('there are no bytes');
  if (first >= 0x90 && first <= 0x9f) return { header: 1, count: first & 0x0f };
  if (first === 0xdc && data.length >= 3) return { header: 3, count: view.getUint16(1) };
  if (first === 0xdd && data.length >= 5) return { header: 5, count: view.getUint32(1) };
  throw new TypeError('the message is no array');
}

/** The same array with its length in 16 or 32 bits, which say the same as a short one. `bytes` is of at most 15 elements. */
export function withLongerHeader(bytes: Uint8Array, bits: 16 | 32): Uint8Array {
  const [first = 0] = bytes;
  const length = bits === 16 ? [0xdc, 0] : [0xdd, 0, 0, 0];
  return concatenate([Uint8Array.from([...length, first & 0x0f]), bytes.subarray(1)]);
}

function isInteger(byte: number): boolean {
  return byte < 0x80 || byte >= 0xe0 || (byte >= 0xcc && byte <= 0xd3);
}

/** The encoder writes numbers of more than 32 bits as floats, and big integers as they are. */
function withLongIntegers(value: unknown, depth: number): unknown {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && (value > 0xff_ff_ff_ff || value < -0x80_00_00_00) ? BigInt(value) : value;
  if (depth > 100) return value;
  return mapped(value, (item) => withLongIntegers(item, depth + 1));
}

/** The decoder gives every integer of 64 bits as a big one. */
function withShortIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return safe ? Number(value) : value;
  }
  return mapped(value, withShortIntegers);
}

function mapped(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (!isPlainObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(result, key, change(value[key]));
  return result;
}
