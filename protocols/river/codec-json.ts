import { isAscii } from 'node:buffer';
import { latin1 } from '../common/latin1.ts';
import { MESSAGE_LIMITS, type Meter } from '../common/limits.ts';
import { surveyJson } from '../common/survey-json.ts';
import { isPlainObject, toBigint } from '../common/value.ts';
import { accept } from './codec-survey.ts';
import { inOpenForm, OpenFormError } from './open-form.ts';

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** Bytes from which on it pays to look for ASCII first. */
const LONG = 4096;

/**
 * River's "naive" JSON codec: UTF-8 JSON in which byte strings travel as `{"$t": base64}` and big integers as
 * `{"$b": decimal}`, at any depth (RIVER-CODEC-03). Throws on values that JSON cannot carry at the root (undefined,
 * functions) or at all (cycles).
 */
export function encodeJson(message: unknown): Uint8Array {
  const text: string | undefined = JSON.stringify(message, replacer);
  if (text === undefined) throw new TypeError(`JSON has no form for a root of type ${typeof message}`);
  return utf8.encode(text);
}

/**
 * Reads one JSON message. Any object with a `$t` or `$b` is converted, innermost first, whatever else it holds
 * (RIVER-CODEC-10). Invalid UTF-8 is replaced and a byte order mark skipped. Throws where the bytes are no JSON, a tag
 * cannot be converted, the root is neither a map nor a list (a list is left to the envelope check, RIVER-CODEC-11), or it is more
 * than `MESSAGE_LIMITS` or the meter allow.
 */
export function decodeJson(data: Uint8Array, meter?: Meter): unknown {
  const text = textOf(data);
  accept(data, meter, () => surveyJson(text, MESSAGE_LIMITS));
  // A reviver makes parsing many times slower, and no tag can be spelt without one of these.
  const mayHaveTags = text.includes('$') || text.includes('\\u');
  const value: unknown = mayHaveTags ? JSON.parse(text, (_key, item: unknown) => untag(item)) : JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('the root is not a map');
  return value;
}

/** Long texts are mostly ASCII, and taking them as they are is several times faster than decoding them. */
function textOf(data: Uint8Array): string {
  if (data.length < LONG || !isAscii(data)) return fromUtf8.decode(data);
  return latin1(data);
}

// `this[key]` is the member before its toJSON ran, which Buffer has: bytes must not become {"type":"Buffer"}.
function replacer(this: Record<string, unknown>, key: string): unknown {
  const value = this[key];
  if (value instanceof Uint8Array) {
    return { $t: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  return typeof value === 'bigint' ? { $b: value.toString() } : value;
}

function untag(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  if (Object.hasOwn(value, '$t')) return bytesOf(value['$t']);
  if (Object.hasOwn(value, '$b')) return bigintOf(value['$b']);
  return value;
}

function bytesOf(content: unknown): Uint8Array {
  const text = typeof content === 'string' ? content.replace(/[\t\n\f\r ]/g, '') : '*';
  // Padding may be missing, but where it stands it must fill the last group of four; the URL alphabet is refused.
  const groups = /^[A-Za-z0-9+/]*(={0,2})$/.exec(text);
  const padded = groups?.[1] !== '';
  if (groups === null || (padded ? text.length % 4 !== 0 : text.length % 4 === 1))
    throw new OpenFormError('RIVER-CODEC-10', '$t does not hold base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function bigintOf(content: unknown): bigint {
  if (typeof content === 'string' || typeof content === 'number' || typeof content === 'bigint')
    return inOpenForm('RIVER-CODEC-10', () => toBigint(content));
  throw new OpenFormError('RIVER-CODEC-10', '$b does not hold an integer');
}
