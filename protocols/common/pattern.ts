import { readExpression } from './expression.ts';
import { show } from './show.ts';
import { fromTagged, isPlainObject, sameValue } from './value.ts';

/**
 * Matches a value against a pattern as cases write them (tagged form). Objects match when every key of the pattern
 * matches (further keys are allowed); lists match item by item. Special patterns: the string `any` (present, any
 * value), `{"$absent": true}` (key must be missing), `{"$type": "string" | "number" | "integer" | "boolean" |
 * "bytes" | "bigint" | "null" | "list" | "map"}`, `{"$exactly": value}` (no further keys, no special strings),
 * `{"$oneOf": [patterns]}`, `{"$not": pattern}`, `{"$match": regular expression}` (as `readExpression` takes them), `{"$length": n}`,
 * `{"$range": [low, high]}` (numbers, inclusive).
 * Returns undefined on a match, else where and why not: `payload.msg: expected "a", got "b"`.
 */
export function mismatch(pattern: unknown, value: unknown, path = ''): string | undefined {
  if (pattern === 'any') return value === undefined ? `${path || 'value'}: expected any value, got none` : undefined;
  if (isPlainObject(pattern)) {
    const keys = Object.keys(pattern);
    if (keys.length === 1 && keys[0] !== undefined && keys[0].startsWith('$')) {
      return specialMismatch(keys[0], pattern[keys[0]], value, path);
    }
    if (!isPlainObject(value)) return unexpected(pattern, value, path);
    for (const key of keys) {
      const reason = mismatch(pattern[key], Object.hasOwn(value, key) ? value[key] : undefined, path ? `${path}.${key}` : key);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value)) return unexpected(pattern, value, path);
    if (value.length !== pattern.length) return `${path || 'value'}: expected ${pattern.length} items, got ${value.length}`;
    for (let i = 0; i < pattern.length; i += 1) {
      const reason = mismatch(pattern[i], value[i], `${path}[${i}]`);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  return sameValue(pattern, value) ? undefined : unexpected(pattern, value, path);
}

function specialMismatch(key: string, content: unknown, value: unknown, path: string): string | undefined {
  const at = path || 'value';
  switch (key) {
    case '$absent':
      return value === undefined ? undefined : `${at}: expected to be absent, got ${show(value)}`;
    case '$type':
      return typeName(value) === content || (content === 'number' && typeName(value) === 'integer')
        ? undefined
        : `${at}: expected a value of type ${String(content)}, got ${show(value)}`;
    case '$exactly':
      return sameValue(fromTagged(content), value) ? undefined : unexpected(content, value, path);
    case '$oneOf':
      return Array.isArray(content) && content.some((option) => mismatch(option, value, path) === undefined)
        ? undefined
        : `${at}: expected one of ${show(content)}, got ${show(value)}`;
    case '$not':
      return mismatch(content, value, path) === undefined ? `${at}: expected anything but ${show(content)}` : undefined;
    case '$match':
      return typeof value === 'string' && readExpression(String(content)).isIn(value)
        ? undefined
        : `${at}: expected text matching /${String(content)}/, got ${show(value)}`;
    case '$length': {
      const length = typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array ? value.length : undefined;
      return length === content ? undefined : `${at}: expected length ${String(content)}, got ${length ?? show(value)}`;
    }
    case '$range': {
      const [low, high] = Array.isArray(content) ? content : [];
      return typeof value === 'number' && value >= Number(low) && value <= Number(high)
        ? undefined
        : `${at}: expected a number from ${String(low)} to ${String(high)}, got ${show(value)}`;
    }
    default:
      return sameValue(fromTagged({ [key]: content }), value) ? undefined : unexpected({ [key]: content }, value, path);
  }
}

function unexpected(pattern: unknown, value: unknown, path: string): string {
  return `${path || 'value'}: expected ${show(pattern)}, got ${show(value)}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'object' ? 'map' : typeof value;
}
