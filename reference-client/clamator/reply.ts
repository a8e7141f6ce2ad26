import { type CallId, type Envelope, isCallId } from '../../protocols/clamator/envelope.ts';
import { isPlainObject } from '../../protocols/common/value.ts';

/** A reply to a call: its result, its error, or why it is neither (CLAMATOR-REPLY-11). */
export type Reply =
  | { readonly type: 'success'; readonly id: CallId; readonly result: unknown }
  | {
      readonly type: 'failure';
      readonly id: CallId;
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  | { readonly type: 'invalid'; readonly id: CallId; readonly why: string };

/** Reads a reply; undefined for what names no call. */
export function readReply({ value }: Envelope): Reply | undefined {
  if (!isPlainObject(value) || !isCallId(value['id'])) return undefined;
  const { id, error } = value;
  if (!isCallId(id)) return undefined;
  const invalid = (why: string): Reply => ({ type: 'invalid', id, why: `invalid response: ${why}` });
  if (value['jsonrpc'] !== '2.0') return invalid('jsonrpc is not "2.0"');
  if (Object.hasOwn(value, 'method')) return invalid('it is a request');
  const [hasResult, hasError] = [Object.hasOwn(value, 'result'), Object.hasOwn(value, 'error')];
  if (hasResult && hasError) return invalid('it has a result and an error');
  if (hasResult) return { type: 'success', id, result: value['result'] };
  if (!hasError) return invalid('it has neither a result nor an error');
  if (!isPlainObject(error)) return invalid('its error is no object');
  const { code, message, data } = error;
  if (typeof code !== 'number' || !Number.isInteger(code)) return invalid('the code of its error is no whole number');
  if (typeof message !== 'string') return invalid('the message of its error is no text');
  return { type: 'failure', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
