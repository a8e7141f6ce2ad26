import { isPlainObject, setOwn } from '../common/value.ts';

/** What stands in place of a secret. */
export const MASK = '<redacted>';

const SECRET_KEY = /token|secret|passw|authorization|credential|cookie|api[-_]?key/i;
const METADATA_CARRIER = /^(RE)?HANDSHAKE_/;

/**
 * A copy of a message or value in which texts and bytes are masked where they may be credentials: in handshake and
 * re-handshake metadata, and under any key that names a secret. Numbers, booleans and the shape stay.
 */
export function redact(value: unknown): unknown {
  return copy(value, false);
}

function copy(value: unknown, secret: boolean): unknown {
  if (typeof value === 'string' || value instanceof Uint8Array) return secret ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => copy(item, secret));
  if (!isPlainObject(value)) return value;
  const type = Object.hasOwn(value, 'type') ? value['type'] : undefined;
  const carriesMetadata = typeof type === 'string' && METADATA_CARRIER.test(type);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    setOwn(result, key, copy(item, secret || SECRET_KEY.test(key) || (carriesMetadata && key === 'metadata')));
  }
  return result;
}
