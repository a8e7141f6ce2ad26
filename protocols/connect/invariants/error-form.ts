import type { Role } from '../../common/frame.ts';
import type { Check } from '../../common/judging.ts';
import { isPlainObject } from '../../common/value.ts';
import { isCode } from '../codes.ts';

/** Judges the JSON of an error, where it is an object: no code but the 16 (CONNECT-ERROR-08), details in their form (CONNECT-ERROR-03). */
export function judgeError(check: Check, json: unknown, role: Role, n: number): void {
  if (!isPlainObject(json)) return;
  const { code, details } = json;
  if (typeof code === 'string')
    check(isCode(code), 'CONNECT-ERROR-08', role, () => `the code ${JSON.stringify(code)} is none of the 16`, [n]);
  if (Array.isArray(details)) check(details.every(isDetail), 'CONNECT-ERROR-03', role, () => `details are ${JSON.stringify(details)}`, [n]);
}

/** A full name without a prefix, base64 without padding. */
function isDetail(detail: unknown): boolean {
  if (!isPlainObject(detail)) return false;
  const { type, value } = detail;
  return typeof type === 'string' && !type.includes('/') && typeof value === 'string' && /^[A-Za-z0-9+/]*$/.test(value);
}
