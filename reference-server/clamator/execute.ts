import type { CallId } from '../../protocols/clamator/envelope.ts';
import { idOf, methodOf } from '../../protocols/clamator/envelope.ts';
import type { Entry } from '../../protocols/clamator/message.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { findingsOf, type Method, RpcError, type Services, type Surroundings } from './contract.ts';

/** An error of JSON-RPC. */
export interface ReplyError {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

/** What is to be made of an entry. */
export type Task =
  /** Nothing: it is unusable, or asks for nothing that is here and wants no reply. */
  | { readonly type: 'skip' }
  | { readonly type: 'refuse'; readonly id: CallId; readonly error: ReplyError }
  | {
      readonly type: 'run';
      readonly name: string;
      readonly method: Method;
      readonly handle: NonNullable<Method['handle']>;
      readonly params: Readonly<Record<string, unknown>>;
      /** Undefined where nobody is answered: a notification, by its envelope or its contract. */
      readonly id: CallId | undefined;
    };

/** Reads what an entry of a service's stream asks for. */
export function taskOf(entry: Entry, service: string, services: Services): Task {
  const { envelope } = entry;
  if (envelope === undefined) return { type: 'skip' };
  const id = idOf(envelope);
  const refuse = (code: number, message: string, data: unknown = null): Task =>
    id === undefined || entry.replyTo === undefined ? { type: 'skip' } : { type: 'refuse', id, error: { code, message, data } };
  if (envelope.kind !== 'request' && envelope.kind !== 'notification') return refuse(-32600, 'Invalid Request');
  const value = envelope.value;
  const names = isPlainObject(value) ? methodOf(value['method']) : undefined;
  if (!isPlainObject(value) || names === undefined) return refuse(-32600, 'Invalid Request');
  const methods = names.service === service ? services[service] : undefined;
  const method = methods !== undefined && Object.hasOwn(methods, names.method) ? methods[names.method] : undefined;
  // Another service's method is none of this stream (CLAMATOR-REQ-11).
  if (method?.handle === undefined) return refuse(-32601, 'Method not found');
  const params = Object.hasOwn(value, 'params') ? value['params'] : {};
  const findings = findingsOf(method.params, params);
  if (findings.length > 0 || !isPlainObject(params)) return refuse(-32602, 'Invalid params', { errors: findings });
  const isAsked = envelope.kind === 'request' && method.result !== undefined;
  return { type: 'run', name: `${service}.${names.method}`, method, handle: method.handle, params, id: isAsked ? id : undefined };
}

/** What came of a handler. */
export type Outcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ReplyError };

/** Runs a handler: whatever it does, there is something to reply. */
export async function outcomeOf({ method, handle, params }: Extract<Task, { type: 'run' }>, around: Surroundings): Promise<Outcome> {
  try {
    const result = await handle(params, around);
    if (method.result === undefined) return { ok: true, result: null };
    const findings = findingsOf(method.result, result);
    if (findings.length > 0) return { ok: false, error: { code: -32603, message: 'Result validation failed', data: { errors: findings } } };
    return { ok: true, result };
  } catch (error) {
    if (error instanceof Gone) throw error;
    if (error instanceof RpcError) return { ok: false, error: { code: error.code, message: error.message, data: error.data ?? null } };
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, error: { code: -32603, message: 'Internal error', data: { name, message } } };
  }
}

/** The server was killed while a handler ran: nothing comes of it. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** The envelope of a reply as strict JSON; what cannot be written is replaced by an error (CLAMATOR-ERR-07, CLAMATOR-REPLY-06). */
export function replyText(id: CallId, outcome: Outcome): string {
  const envelope = outcome.ok ? { jsonrpc: '2.0', id, result: outcome.result } : { jsonrpc: '2.0', id, error: outcome.error };
  const text = strictJson(envelope);
  if (text !== undefined) return text;
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: { code: -32603, message: 'Internal error', data: { name: 'TypeError', message: 'the reply has no form in JSON' } },
  });
}

/** JSON that holds all of a value; undefined where there is none. */
function strictJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === 'number' && !Number.isFinite(inner)) throw new TypeError('no number of JSON');
      if (inner === undefined || typeof inner === 'function' || typeof inner === 'bigint') throw new TypeError('no value of JSON');
      return inner;
    });
  } catch {
    return undefined;
  }
}
