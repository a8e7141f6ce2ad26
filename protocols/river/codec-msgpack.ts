import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import { LONGEST_BIGINT, MESSAGE_LIMITS, type Meter } from '../common/limits.ts';
import { surveyMsgpack } from '../common/survey-msgpack.ts';
import { isPlainObject, toBigint } from '../common/value.ts';
import { accept } from './codec-survey.ts';
import { inOpenForm } from './open-form.ts';

/** Extension type of big integers (RIVER-CODEC-04). */
const BIGINT_EXTENSION = 0;

/** Bytes set aside for a message; one that is longer costs another allocation. Encoded messages keep the whole of it. */
const USUAL_LENGTH = 256;

const extensions = new ExtensionCodec();
extensions.register({
  type: BIGINT_EXTENSION,
  encode: encodeBigint,
  decode: (data) => inOpenForm('RIVER-CODEC-04', () => decodeBigint(data)),
});

/**
 * River's MessagePack codec (RIVER-CODEC-04 to -06): integral numbers of the safe range as the shortest integer, all
 * others as float 64, big integers as extension 0, undefined members left out, undefined list elements as nil. Throws
 * on functions, symbols and more than 100 levels of nesting (RIVER-CODEC-13).
 */
export function encodeMsgpack(message: unknown): Uint8Array {
  return encode(message, { extensionCodec: extensions, ignoreUndefined: true, initialBufferSize: USUAL_LENGTH });
}

/**
 * Reads one MessagePack message. Throws on trailing bytes, byte c1, a `__proto__` key, any root but a map (RIVER-CODEC-11), and on
 * more than `MESSAGE_LIMITS` or the meter allow.
 */
export function decodeMsgpack(data: Uint8Array, meter?: Meter): unknown {
  accept(data, meter, () => surveyMsgpack(data, MESSAGE_LIMITS));
  // No list or map has more items than the message has bytes: a forged length must not reserve memory.
  const limit = data.length;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const value: unknown = decode(bytes, { extensionCodec: extensions, maxArrayLength: limit, maxMapLength: limit });
  if (!isPlainObject(value)) throw new TypeError('the root is not a map');
  return value;
}

function encodeBigint(value: unknown): Uint8Array | null {
  if (typeof value !== 'bigint') return null;
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return encode(safe ? Number(value) : value.toString());
}

/** A text of so many digits, and what says that it is one. */
const LONGEST_EXTENSION = LONGEST_BIGINT + 8;

function decodeBigint(data: Uint8Array): bigint {
  if (data.length > LONGEST_EXTENSION) throw new TypeError(`extension 0 holds more than ${LONGEST_BIGINT} digits`);
  const value: unknown = decode(data);
  if (typeof value === 'number' || typeof value === 'string') return toBigint(value);
  throw new TypeError('extension 0 does not hold an integer');
}
