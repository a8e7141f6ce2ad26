import { expect, it } from 'vitest';
import type { RiverMessage } from './message.ts';
import { summarise } from './summary.ts';

const frame = { kind: 'message', class: 'data', text: false, data: new Uint8Array(3) } as const;
const line = (fields: Partial<RiverMessage>): string =>
  summarise(frame, {
    ok: true,
    message: { id: 'm', from: 'c', to: 'S', seq: 3, ack: 2, streamId: 'k3', controlFlags: 0, payload: null, ...fields },
  });

it.each<[string, Partial<RiverMessage>]>([
  [
    '#3/a2 open test.add {"n":1} [open|closed] stream k3',
    { controlFlags: 10, serviceName: 'test', procedureName: 'add', payload: { n: 1 } },
  ],
  ['#3/a2 data {"$bigint":"5"} stream k3', { payload: 5n }],
  ['#3/a2 close [closed] stream k3', { controlFlags: 8, payload: { type: 'CLOSE' } }],
  ['#3/a2 cancel {"ok":false} [cancel|16] stream "a b\\n"', { controlFlags: 20, payload: { ok: false }, streamId: 'a b\n' }],
  ['#3/a2 heartbeat', { controlFlags: 1 }],
  ['#3/a2 rehandshake-request', { streamId: 'rehandshake', payload: { type: 'REHANDSHAKE_REQ' } }],
  [
    '#3/a2 handshake-request v2.0 session s-1 nextExpectedSeq 4 nextSentSeq 5 metadata {"token":"secret"}',
    {
      payload: {
        type: 'HANDSHAKE_REQ',
        protocolVersion: 'v2.0',
        sessionId: 's-1',
        expectedSessionState: { nextExpectedSeq: 4, nextSentSeq: 5 },
        metadata: { token: 'secret' },
      },
    },
  ],
  ['#3/a2 handshake-request {"type":"HANDSHAKE_REQ","metadata":"secret"}', { payload: { type: 'HANDSHAKE_REQ', metadata: 'secret' } }],
  ['#3/a2 handshake-response ok session s-1', { payload: { type: 'HANDSHAKE_RESP', status: { ok: true, sessionId: 's-1' } } }],
  [
    '#3/a2 handshake-response MALFORMED_HANDSHAKE "no"',
    { payload: { type: 'HANDSHAKE_RESP', status: { ok: false, code: 'MALFORMED_HANDSHAKE', reason: 'no' } } },
  ],
])('%s', (expected, fields) => {
  expect(line(fields)).toBe(expected);
});

it('says what other frames are', () => {
  expect(summarise({ ...frame, text: true }, { ok: false, error: 'why' })).toBe('undecodable text frame, 3 bytes: why');
  expect(summarise({ kind: 'close', class: 'closing', code: 1001, reason: 'bye' }, undefined)).toBe('transport-close 1001 "bye"');
  expect(summarise({ kind: 'close', class: 'closing', code: undefined, reason: '' }, undefined)).toBe('transport-close without code');
  expect(summarise({ kind: 'ping', class: 'upkeep', data: new Uint8Array() }, undefined)).toBe('ping');
});
