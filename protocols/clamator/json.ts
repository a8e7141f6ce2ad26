import { MESSAGE_LIMITS } from '../common/limits.ts';
import { surveyJson } from '../common/survey-json.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON text as it was read and of how many values it is made, or why it is none. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown; readonly values: number }
  | { readonly ok: false; readonly error: string };

/** Reads strict JSON in UTF-8 (no NaN, no infinities), within what a message may hold. Never throws. */
export function readJson(data: Uint8Array): ReadJson {
  let text: string;
  try {
    text = strict.decode(data);
  } catch {
    return { ok: false, error: 'no UTF-8' };
  }
  const surveyed = surveyJson(text, MESSAGE_LIMITS);
  if (!surveyed.ok) return { ok: false, error: surveyed.error };
  try {
    return { ok: true, value: JSON.parse(text), values: surveyed.values };
  } catch {
    return { ok: false, error: 'no strict JSON' };
  }
}
