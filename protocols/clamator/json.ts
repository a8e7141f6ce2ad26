import { MESSAGE_LIMITS } from '../common/limits.ts';
import { surveyJson } from '../common/survey-json.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON text as it was read and of how many values it is made, or why it is none. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown; readonly values: number }
  | { readonly ok: false; readonly error: string };

/** Stands in a text for what is no UTF-8, or for itself. */
const REPLACED = '\ufffd';
/** The first byte of a mark of byte order, which texts are read without. */
const MARK = 0xef;

/**
 * Reads strict JSON in UTF-8 (no NaN, no infinities), within what a message may hold; `read` is its text where that was read already, with
 * signs in the place of what is no UTF-8. Never throws.
 */
export function readJson(data: Uint8Array, read?: string): ReadJson {
  let text: string;
  try {
    text = read === undefined || data[0] === MARK || read.includes(REPLACED) ? strict.decode(data) : read;
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
