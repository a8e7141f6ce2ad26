import { isPlainObject, setOwn } from '../common/value.ts';

/** What stands in place of a secret. */
export const MASK = '<redacted>';

/** What stands in place of whatever is nested deeper than any report can show; hostile values exhaust the stack otherwise. */
const TOO_DEEP = '<nested too deep to show>';
/** Levels that are kept: as many as both codecs can write (RIVER-CODEC-13). */
const DEEPEST = 98;

const SECRET_KEY = /token|secret|passw|authorization|credential|cookie|api[-_]?key/i;
const METADATA_CARRIER = /^(RE)?HANDSHAKE_/;

/**
 * A copy of a message or value in which texts and bytes are masked where they may be credentials: in handshake and
 * re-handshake metadata, and under any key that names a secret. Numbers, booleans and the shape stay, 98 levels deep.
 */
export function redact(value: unknown): unknown {
  return copy(value, false, 0);
}

function copy(value: unknown, secret: boolean, depth: number): unknown {
  if (typeof value === 'string' || value instanceof Uint8Array) return secret ? MASK : value;
  if (Array.isArray(value)) return depth < DEEPEST ? value.map((item) => copy(item, secret, depth + 1)) : TOO_DEEP;
  if (!isPlainObject(value)) return value;
  if (depth >= DEEPEST) return TOO_DEEP;
  const type = Object.hasOwn(value, 'type') ? value['type'] : undefined;
  const carriesMetadata = typeof type === 'string' && METADATA_CARRIER.test(type);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    setOwn(result, key, copy(item, secret || SECRET_KEY.test(key) || (carriesMetadata && key === 'metadata'), depth + 1));
  }
  return result;
}
