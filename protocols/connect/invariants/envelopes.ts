import { isPlainObject } from '../../common/value.ts';
import { isCode } from '../codes.ts';
import { encodingOf } from '../content.ts';
import { FLAG } from '../envelope.ts';
import { judgeError } from './error-form.ts';
import { type Ears, exchangeInvariant, type Known } from './exchanges.ts';

/** Envelopes: flags, the end of the stream once and last, and what it says. */
export const envelopes = exchangeInvariant(
  'envelopes',
  [
    ...([
      'CONNECT-STREAM-04',
      'CONNECT-STREAM-05',
      'CONNECT-STREAM-06',
      'CONNECT-STREAM-07',
      'CONNECT-COMP-10',
      'CONNECT-COMP-11',
    ] as const),
    ...(['CONNECT-END-01', 'CONNECT-ERROR-01', 'CONNECT-ERROR-03', 'CONNECT-ERROR-08'] as const),
  ],
  (check) => {
    const ended = new WeakSet<Known>();
    const hear: Ears['hear'] = (message, exchange, { n, role }) => {
      const { request, response } = exchange;
      if (message.type === 'end' && role === 'server' && response?.status === 200 && isStream(response.fields)) {
        check(ended.has(exchange), 'CONNECT-STREAM-05', role, () => 'the answer ends without the end of its stream', [n]);
      }
      if (message.type === 'body' && isStream((role === 'client' ? request : response)?.fields ?? [])) {
        check(false, 'CONNECT-STREAM-04', role, () => `${message.size} bytes that are no envelope`, [n]);
      }
      if (message.type !== 'message' && message.type !== 'end-of-stream') return;
      if (role === 'server') check(!ended.has(exchange), 'CONNECT-STREAM-05', role, () => 'an envelope behind the end of the stream', [n]);
      check(true, 'CONNECT-STREAM-04', role);
      const { flags } = message;
      if (role === 'client') check((flags & FLAG.END) === 0, 'CONNECT-STREAM-06', role, () => `flags ${flags} on a request`, [n]);
      check((flags & ~(FLAG.COMPRESSED | FLAG.END)) === 0, 'CONNECT-STREAM-07', role, () => `flags ${flags}`, [n]);
      const encoding = encodingOf((role === 'client' ? request : response)?.fields ?? [], true);
      if ((flags & FLAG.COMPRESSED) !== 0) {
        check(encoding !== 'identity', 'CONNECT-COMP-10', role, () => 'a compressed message, and no encoding was named', [n]);
        if (encoding === 'gzip')
          check(message.packing !== 'broken', 'CONNECT-COMP-11', role, () => `it cannot be read alone: ${message.unread}`, [n]);
      }
      if (message.type !== 'end-of-stream') return;
      ended.add(exchange);
      // What is more than is read here breaks no rule.
      if (message.packing === 'too-large') return;
      check(
        message.unread === undefined && isEnd(message.json),
        'CONNECT-END-01',
        role,
        () => message.unread ?? `it is ${JSON.stringify(message.json)}`,
        [n],
      );
      if (!isPlainObject(message.json) || !isPlainObject(message.json['error'])) return;
      const { code } = message.json['error'];
      judgeError(check, message.json['error'], role, n);
      check(isCode(code), 'CONNECT-ERROR-01', role, () => `the error has the code ${JSON.stringify(code)}`, [n]);
    };
    return { hear };
  },
);

function isStream(fields: readonly { readonly name: string; readonly value: string }[]): boolean {
  return fields.some(({ name, value }) => name.toLowerCase() === 'content-type' && value.toLowerCase().startsWith('application/connect+'));
}

/** CONNECT-END-01: an object; an error only where the call failed, metadata names to lists of texts. */
function isEnd(json: unknown): boolean {
  if (!isPlainObject(json)) return false;
  const { error, metadata } = json;
  const lists = metadata === undefined ? [] : isPlainObject(metadata) ? Object.values(metadata) : [undefined];
  const areTexts = lists.every((list) => Array.isArray(list) && list.every((value) => typeof value === 'string'));
  return areTexts && (error === undefined || isPlainObject(error));
}
