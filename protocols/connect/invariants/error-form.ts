import { fromBinary, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import type { Role } from '../../common/frame.ts';
import type { Check } from '../../common/judging.ts';
import { isPlainObject, sameValue } from '../../common/value.ts';
import { isCode } from '../codes.ts';
import { messages } from '../schema.ts';

/** Judges the JSON of an error, where it is an object: no code but the 16 (CONNECT-ERROR-08), details in their form (CONNECT-ERROR-03). */
export function judgeError(check: Check, json: unknown, role: Role, n: number): void {
  if (!isPlainObject(json)) return;
  const { code, details } = json;
  if (typeof code === 'string')
    check(isCode(code), 'CONNECT-ERROR-08', role, () => `the code ${JSON.stringify(code)} is none of the 16`, [n]);
  if (Array.isArray(details)) check(details.every(isDetail), 'CONNECT-ERROR-03', role, () => `details are ${JSON.stringify(details)}`, [n]);
}

/** A full name without a prefix, base64 without padding; what `debug` says of a message that is known here is what its value says. */
function isDetail(detail: unknown): boolean {
  if (!isPlainObject(detail)) return false;
  const { type, value, debug } = detail;
  if (typeof type !== 'string' || type.includes('/') || typeof value !== 'string' || !/^[A-Za-z0-9+/]*$/.test(value)) return false;
  return debug === undefined || agrees(type, value, debug);
}

function agrees(type: string, value: string, debug: unknown): boolean {
  const known = messages.get(type);
  if (known === undefined) return true;
  try {
    const said = toJson(known, fromJson(known, debug as JsonValue, { ignoreUnknownFields: true }));
    return sameValue(said, toJson(known, fromBinary(known, Buffer.from(value, 'base64'))));
  } catch {
    return false;
  }
}
