import type { ByteRange } from '../../protocols/common/byte-range.ts';
import { isPlainObject, setOwn } from '../../protocols/common/value.ts';
import { METADATA, type SecretKeys } from './secret-keys.ts';

/** A secret: a text, or bytes. */
export type Secret = string | Uint8Array;

/** Members that lead to something secret: keys from the root. */
export type SecretPaths = readonly (readonly string[])[];

/** Levels that are looked at: hostile values go deeper than any stack. */
const DEEPEST = 98;

/** Whole numbers below this are counts and codes, which too many texts hold. */
const SECRET_NUMBER = 100_000;

/** Whether what stands somewhere is secret; `parts`: of bytes those parts that the protocol says, of anything else all. */
export type Secrecy = boolean | 'parts';

/** Whether what stands under a key is secret, itself below something that is (`above`), by its name alone. */
export function secrecyBelow(above: Secrecy, key: string, keys: SecretKeys): Secrecy {
  if (above !== false) return true;
  if (!keys(key)) return false;
  return key === METADATA && keys.parts !== undefined ? 'parts' : true;
}

/** The secrets in bytes that are secret, or have secret parts. */
function secretsInBytes(bytes: Uint8Array, secrecy: Secrecy, keys: SecretKeys): Uint8Array[] {
  if (secrecy === false) return [];
  const parts = partsOf(bytes, secrecy, keys) ?? [[0, bytes.length] as const];
  return parts.map(([from, to]) => bytes.subarray(from, to)).filter(({ length }) => length > 0);
}

/** The parts of bytes that are secret; undefined where they are as a whole what `secrecy` says. */
function partsOf(bytes: Uint8Array, secrecy: Secrecy, keys: SecretKeys): readonly ByteRange[] | undefined {
  return secrecy === 'parts' ? keys.parts?.(bytes) : undefined;
}

/** The wildcard of patterns, which is no value. */
const ANY = 'any';

/**
 * The secrets of a value in order: texts, bytes and long numbers at `paths`, and below keys that name secrets. What a pattern
 * asks under a `$` is no value, except for bytes and big integers.
 */
export function* secretsIn(value: unknown, keys: SecretKeys, paths: SecretPaths = []): Generator<Secret> {
  yield* gather(value, keys, paths, false, 0);
}

function* gather(value: unknown, keys: SecretKeys, paths: SecretPaths, secret: Secrecy, depth: number): Generator<Secret> {
  if (typeof value === 'string') {
    if (secret !== false && value !== '' && value !== ANY) yield value;
  } else if (value instanceof Uint8Array) {
    yield* secretsInBytes(value, secret, keys);
  } else if (isLongNumber(value)) {
    if (secret !== false) yield String(value);
  } else if (Array.isArray(value)) {
    if (depth < DEEPEST) {
      for (const [i, item] of value.entries()) {
        const below = pathsBelow(paths, String(i));
        yield* gather(item, keys, below, leadsThere(below) || secret !== false, depth + 1);
      }
    }
  } else if (isPlainObject(value) && depth < DEEPEST) {
    for (const [key, item] of Object.entries(value)) {
      const below = pathsBelow(paths, key);
      const leads = leadsThere(below) || secrecyBelow(secret, key, keys);
      if (key === '$bytes' && typeof item === 'string') {
        yield* secretsInBytes(new Uint8Array(Buffer.from(item, 'base64')), secret, keys);
      } else if (!key.startsWith('$') || key === '$bigint') yield* gather(item, keys, below, leads, depth + 1);
    }
  }
}

/** What stands in place of members of a value; `secret`: it stands where secrets do. */
export interface Replacing {
  text(text: string, secret: boolean): string;
  bytes(bytes: Uint8Array, secret: boolean): unknown;
  /** Bytes of which these parts are secret. */
  parts(bytes: Uint8Array, secret: readonly ByteRange[]): unknown;
  /** Of a long number that is secret. */
  number(value: number | bigint): unknown;
  /** What is nested too deep to be looked at. */
  deep(value: object): unknown;
}

/** A value with texts (keys too), bytes and secret numbers replaced; the value itself where nothing is. */
export function replaced(value: unknown, replacing: Replacing, keys: SecretKeys, paths: SecretPaths = []): unknown {
  return replace(value, replacing, keys, paths, false, 0);
}

function replace(value: unknown, by: Replacing, keys: SecretKeys, paths: SecretPaths, secret: Secrecy, depth: number): unknown {
  if (typeof value === 'string') return by.text(value, secret !== false && value !== ANY);
  if (value instanceof Uint8Array) return replaceBytes(value, by, keys, secret);
  if (isLongNumber(value)) return secret !== false ? by.number(value) : value;
  if (Array.isArray(value)) {
    if (depth >= DEEPEST) return by.deep(value);
    const items = value.map((item, i) => {
      const below = pathsBelow(paths, String(i));
      return replace(item, by, keys, below, leadsThere(below) || secret !== false, depth + 1);
    });
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isPlainObject(value)) return value;
  if (depth >= DEEPEST) return by.deep(value);
  const result: Record<string, unknown> = {};
  let same = true;
  for (const [key, item] of Object.entries(value)) {
    const below = pathsBelow(paths, key);
    const leads = leadsThere(below) || secrecyBelow(secret, key, keys);
    const name = by.text(key, false);
    const member =
      typeof item === 'string' && key.startsWith('$') ? tag(key, item, by, keys, secret) : replace(item, by, keys, below, leads, depth + 1);
    same &&= name === key && (member === item || Object.is(member, item));
    setOwn(result, name, member);
  }
  return same ? value : result;
}

function replaceBytes(bytes: Uint8Array, by: Replacing, keys: SecretKeys, secret: Secrecy): unknown {
  const parts = partsOf(bytes, secret, keys);
  return parts === undefined ? by.bytes(bytes, secret !== false) : by.parts(bytes, parts);
}

/** The content of a tag, or of something else under a `$`. */
function tag(key: string, content: string, by: Replacing, keys: SecretKeys, secret: Secrecy): unknown {
  if (key === '$bytes') {
    const bytes = new Uint8Array(Buffer.from(content, 'base64'));
    const masked = replaceBytes(bytes, by, keys, secret);
    if (masked === bytes) return content;
    return masked instanceof Uint8Array ? Buffer.from(masked).toString('base64') : masked;
  }
  if (key !== '$bigint') return by.text(content, false);
  return secret !== false && /^-?\d{6,}$/.test(content) ? String(by.number(BigInt(content))) : content;
}

function isLongNumber(value: unknown): value is number | bigint {
  return (
    (typeof value === 'number' && Number.isInteger(value) && value >= SECRET_NUMBER) ||
    (typeof value === 'bigint' && value >= SECRET_NUMBER)
  );
}

function pathsBelow(paths: SecretPaths, key: string): SecretPaths {
  return paths.length === 0 ? paths : paths.flatMap(([first, ...rest]) => (first === key ? [rest] : []));
}

function leadsThere(paths: SecretPaths): boolean {
  return paths.some((path) => path.length === 0);
}
