import { type Limits, MESSAGE_LIMITS } from '../../protocols/common/limits.ts';
import { jsonText } from '../../protocols/common/plain.ts';
import { surveyJson } from '../../protocols/common/survey-json.ts';
import { isPlainObject } from '../../protocols/common/value.ts';

/** JSON-RPC 2.0, one message a line: reading and writing single messages. Pure. */

/** Longest line that an adapter may write, in bytes: a value larger than the largest frame of any protocol, in base64. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** What a message may hold, itself a level around what it carries; beyond it the message counts as garbage, and nothing is made of it. */
export const LINE_LIMITS: Limits = { depth: MESSAGE_LIMITS.depth + 1, values: MESSAGE_LIMITS.values };

/** A message from an adapter, or why the line is none. */
export type Incoming =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number | null; readonly error: RpcError }
  | { readonly type: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly type: 'garbage'; readonly reason: string; readonly excerpt: string };

/** The error member of a response (JSON-RPC 2.0, section 5.1). */
export interface RpcError {
  readonly code: number;
  readonly message: string;
}

/** Writes a request with its newline. `params` must be JSON-safe (tagged). */
export function formatRequest(id: number, method: string, params: unknown): string {
  // Safe to be shown is safe for readers of lines, too: several languages take U+2028 and the like for the end of one.
  return `${jsonText({ jsonrpc: '2.0', id, method, params })}\n`;
}

/** Reads one line. Never throws: what is no message of an adapter becomes `garbage` with the reason and the line's beginning. */
export function parseLine(bytes: Uint8Array): Incoming {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return garbage('the line is not valid UTF-8', bytes);
  }
  const surveyed = surveyJson(text, LINE_LIMITS);
  if (!surveyed.ok) return garbage(`the message is ${surveyed.error}`, bytes);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return garbage('the line is not JSON; only JSON-RPC messages may go to stdout, free text belongs on stderr', bytes);
  }
  if (!isPlainObject(message)) return garbage('a message must be a JSON object', bytes);
  if (message['jsonrpc'] !== '2.0') return garbage('the message has no "jsonrpc": "2.0"', bytes);
  return classify(message, bytes);
}

function classify(message: Record<string, unknown>, bytes: Uint8Array): Incoming {
  const { id, method, params, result, error } = message;
  if (typeof method === 'string') {
    if (id !== undefined) return garbage(`an adapter must not send requests; ${method} has an id`, bytes);
    return { type: 'notification', method, params };
  }
  if (error !== undefined && result === undefined) {
    if (!isPlainObject(error) || typeof error['code'] !== 'number' || typeof error['message'] !== 'string') {
      return garbage('an error response must have error.code (number) and error.message (string)', bytes);
    }
    if (id !== null && typeof id !== 'number') return garbage('a response must carry the id of its request', bytes);
    return { type: 'error', id, error: { code: error['code'], message: error['message'] } };
  }
  if (Object.hasOwn(message, 'result') && error === undefined) {
    if (typeof id !== 'number') return garbage('a response must carry the id of its request', bytes);
    return { type: 'result', id, result };
  }
  return garbage('the message is neither a notification (method) nor a response (id with result or error)', bytes);
}

/** The beginning of a line, fit for a report: at most 200 bytes, control characters and bytes that are no UTF-8 replaced. */
export function excerptOf(bytes: Uint8Array): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: hostile output must not reach a terminal.
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 200)).replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return bytes.length > 200 ? `${text}… (${bytes.length} bytes)` : text;
}

function garbage(reason: string, bytes: Uint8Array): Incoming {
  return { type: 'garbage', reason, excerpt: excerptOf(bytes) };
}
