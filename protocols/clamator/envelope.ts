import { isPlainObject } from '../common/value.ts';
import { readJson } from './json.ts';

/** What an envelope is by its members: JSON-RPC tells its objects apart by them alone. */
export type EnvelopeKind = 'request' | 'notification' | 'success' | 'failure' | 'unusable';

/** The envelope of an entry. */
export interface Envelope {
  readonly kind: EnvelopeKind;
  /** The JSON; undefined where it is none. */
  readonly value: unknown;
  /** Of how many values that is made. */
  readonly values: number;
  /** Why it is none. */
  readonly unread?: string;
}

/** An id by which a reply is matched: the reference implementations take text and whole numbers. */
export type CallId = string | number;

/** Whether something may be the id of a request. */
export function isCallId(id: unknown): id is CallId {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));
}

/** `<service>.<method>`, split at its only dot. */
const METHOD = /^([a-z][a-z0-9-]*)\.([a-z][a-zA-Z0-9]*)$/;

/** A method's two names; undefined for a text that is none. */
export function methodOf(method: unknown): { readonly service: string; readonly method: string } | undefined {
  const [, service, name] = typeof method === 'string' ? (METHOD.exec(method) ?? []) : [];
  // `$` matches before a line feed at the end.
  if (service === undefined || name === undefined || String(method).endsWith('\n')) return undefined;
  return { service, method: name };
}

/** Reads an envelope; `text` is what its bytes say, with signs in the place of what is no UTF-8. Never throws. */
export function readEnvelope(data: Uint8Array, text: string): Envelope {
  const read = readJson(data, text);
  if (!read.ok) return { kind: 'unusable', value: undefined, values: 0, unread: read.error };
  return { kind: kindOfEnvelope(read.value), value: read.value, values: read.values };
}

function kindOfEnvelope(value: unknown): EnvelopeKind {
  if (!isPlainObject(value) || value['jsonrpc'] !== '2.0') return 'unusable';
  if (Object.hasOwn(value, 'method')) {
    if (methodOf(value['method']) === undefined) return 'unusable';
    // An id of null is none (CLAMATOR-NOTIF-05).
    if (!Object.hasOwn(value, 'id') || value['id'] === null) return 'notification';
    return isCallId(value['id']) ? 'request' : 'unusable';
  }
  const [hasResult, hasError] = [Object.hasOwn(value, 'result'), Object.hasOwn(value, 'error')];
  if (hasResult === hasError) return 'unusable';
  return hasResult ? 'success' : 'failure';
}

/** The id of an envelope, where it has one that may be one. */
export function idOf({ value }: Envelope): CallId | undefined {
  const id = isPlainObject(value) ? value['id'] : undefined;
  return isCallId(id) ? id : undefined;
}
