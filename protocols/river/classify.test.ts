import { expect, it } from 'vitest';
import { kindOf, kindOfMessage, procedureOf } from './classify.ts';
import type { RiverMessage } from './message.ts';

const message = (fields: Partial<RiverMessage>): RiverMessage => ({
  ...{ id: 'm', from: 'c', to: 'S', seq: 0, ack: 0, streamId: 'k', controlFlags: 0, payload: null },
  ...fields,
});
const close = { type: 'CLOSE' };

it.each<[string, Partial<RiverMessage>]>([
  ['handshake-request', { payload: { type: 'HANDSHAKE_REQ' } }],
  ['handshake-response', { payload: { type: 'HANDSHAKE_RESP' }, streamId: 'rehandshake' }],
  ['open', { payload: { type: 'HANDSHAKE_REQ' }, controlFlags: 10 }],
  ['heartbeat', { controlFlags: 1, payload: { type: 'ACK' }, streamId: 'anything' }],
  ['data', { payload: { type: 'ACK' }, streamId: 'heartbeat' }],
  ['rehandshake-request', { streamId: 'rehandshake', payload: { type: 'REHANDSHAKE_REQ' } }],
  ['rehandshake-response', { streamId: 'rehandshake', payload: { type: 'X' } }],
  ['open', { controlFlags: 2 }],
  ['open', { controlFlags: 26, payload: close }],
  ['cancel', { controlFlags: 4 }],
  ['cancel', { controlFlags: 12, payload: close }],
  ['close', { controlFlags: 8, payload: close }],
  ['data', { controlFlags: 8, payload: { ok: true, payload: 1 } }],
  ['data', { controlFlags: 0, payload: close }],
  ['data', { payload: null }],
])('%s: %o', (kind, fields) => {
  expect(kindOfMessage(message(fields))).toBe(kind);
});

it('tells frames without a message', () => {
  const frame = { kind: 'message', class: 'data', text: false, data: new Uint8Array() } as const;
  expect(kindOf(frame, { ok: false, error: '' })).toBe('undecodable');
  expect(kindOf(frame, undefined)).toBe('undecodable');
  expect(kindOf({ kind: 'close', class: 'closing', code: 1000, reason: '' }, undefined)).toBe('transport-close');
  expect(kindOf({ kind: 'ping', class: 'upkeep', data: new Uint8Array() }, undefined)).toBe('keep-alive');
  expect(kindOf(frame, { ok: true, message: message({ controlFlags: 2 }) })).toBe('open');
});

it('names a procedure as cases do', () => {
  expect(procedureOf(message({ serviceName: 'test', procedureName: 'add' }))).toBe('test.add');
  expect(procedureOf(message({ procedureName: 'add' }))).toBe('.add');
});
