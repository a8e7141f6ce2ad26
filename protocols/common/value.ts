import { LONGEST_BIGINT } from './limits.ts';

/**
 * Values of applications and payloads: null, booleans, numbers, strings, lists and plain objects as JSON has them,
 * and beside them `Uint8Array`, `bigint`, `undefined` and the numbers JSON lacks. In files and on the control
 * protocol the latter are tagged: `{"$bytes": base64}`, `{"$bigint": decimal}`, `{"$number": "NaN" | "Infinity" |
 * "-Infinity" | "-0"}`, `{"$undefined": true}`.
 */
export type Tagged = null | boolean | number | string | readonly Tagged[] | { readonly [key: string]: Tagged };

/** True for objects that are neither lists nor bytes nor instances of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Base64 in either alphabet, padded or not. What is none would be read as fewer bytes without a word. */
const BASE64 = /^[\w+/-]*={0,2}$/;

/** A big integer as text or number. Throws `TypeError` on more than 4096 digits, `SyntaxError` or `RangeError` on what is no integer. */
export function toBigint(content: string | number | bigint): bigint {
  if (typeof content === 'string' && content.length > LONGEST_BIGINT) {
    throw new TypeError(`a big integer has at most ${LONGEST_BIGINT} digits, not ${content.length}`);
  }
  return BigInt(content);
}

/**
 * What is wrong with the content of a tag, naming the tag; undefined for content that is right, and for keys that are no tags.
 */
export function tagProblem(key: string, content: unknown): string | undefined {
  switch (key) {
    case '$bytes':
      return typeof content === 'string' && BASE64.test(content) ? undefined : '$bytes takes a base64 string';
    case '$bigint':
      if (typeof content !== 'string' || !/^-?\d+$/.test(content)) return '$bigint takes a decimal string';
      return content.length > LONGEST_BIGINT ? `$bigint takes at most ${LONGEST_BIGINT} digits, not ${content.length}` : undefined;
    case '$number': {
      const named = content === 'NaN' || content === 'Infinity' || content === '-Infinity' || content === '-0';
      return named ? undefined : '$number takes NaN, Infinity, -Infinity or -0';
    }
    default:
      return undefined;
  }
}

/** Turns a tagged value into the value it stands for. Throws `TypeError` on a malformed tag, naming it. */
export function fromTagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromTagged);
  if (!isPlainObject(value)) return value;
  const keys = Object.keys(value);
  const [tag] = keys;
  if (keys.length === 1 && tag !== undefined) {
    const content = value[tag];
    const problem = tagProblem(tag, content);
    if (problem !== undefined) throw new TypeError(problem);
    switch (tag) {
      case '$bytes':
        return new Uint8Array(Buffer.from(String(content), 'base64'));
      case '$bigint':
        return toBigint(String(content));
      case '$number':
        return Number(content);
      case '$undefined':
        return undefined;
    }
  }
  const result: Record<string, unknown> = {};
  for (const key of keys) setOwn(result, key, fromTagged(value[key]));
  return result;
}

/** Levels that the tagged form has; deeper ones would exhaust the stack, here or in JSON. */
const DEEPEST = 1000;

/** Turns any value into its tagged form, which JSON can carry unharmed. Unknown objects, and what is nested too deep, become `{"$opaque": text}`. */
export function toTagged(value: unknown): Tagged {
  return tagged(value, 0);
}

function tagged(value: unknown, depth: number): Tagged {
  switch (typeof value) {
    case 'bigint':
      return { $bigint: value.toString() };
    case 'number':
      if (Number.isNaN(value)) return { $number: 'NaN' };
      if (value === Infinity) return { $number: 'Infinity' };
      if (value === -Infinity) return { $number: '-Infinity' };
      return Object.is(value, -0) ? { $number: '-0' } : value;
    case 'boolean':
    case 'string':
      return value;
    case 'undefined':
      return { $undefined: true };
    case 'object': {
      if (value === null) return null;
      if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
      if (depth >= DEEPEST) return { $opaque: 'nested too deep' };
      if (Array.isArray(value)) return value.map((item) => tagged(item, depth + 1));
      if (!isPlainObject(value)) return { $opaque: Object.prototype.toString.call(value) };
      const result: Record<string, Tagged> = {};
      for (const key of Object.keys(value)) setOwn(result, key, tagged(value[key], depth + 1));
      return result;
    }
    default:
      return { $opaque: typeof value };
  }
}

/** Sets an own property even where the key is `__proto__`. */
export function setOwn<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The own member under a key that came from outside, where names of the language (`constructor`) must not be found. */
export function ownMember<T>(source: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return source !== undefined && Object.hasOwn(source, key) ? source[key] : undefined;
}

/** True when both values are the same by type and content: 1 is not 1n, bytes compare by content, NaN equals NaN, -0 is not 0. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]));
}
