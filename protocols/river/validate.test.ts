import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageFrame } from '../common/frame.ts';
import { codecNames, encodeMessage } from './codec.ts';
import {
  isCloseControl,
  isHandshakeRequest,
  isHandshakeResponse,
  isHeartbeat,
  isProtocolError,
  isRehandshake,
  isResult,
  readMessage,
} from './validate.ts';

const checks = { isCloseControl, isHandshakeRequest, isHandshakeResponse, isProtocolError, isResult };

const envelope = { id: 'm1', from: 'c', to: 'S', seq: 3, ack: 2, streamId: 'k', controlFlags: 0, payload: null };
const without = (key: string) => Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== key));
const frame = (message: unknown, codec: string): MessageFrame => ({
  kind: 'message',
  class: 'data',
  text: false,
  data: encodeMessage(message, codec),
});

describe.each(codecNames)('readMessage (%s)', (codec) => {
  it.each([
    ['a null payload', envelope],
    ['names and tracing', { ...envelope, serviceName: 's', procedureName: '', tracing: { traceparent: '', tracestate: '' } }],
    ['unknown flag bits', { ...envelope, controlFlags: 26 }],
  ])('accepts %s', (_name, message) => {
    expect(readMessage(frame(message, codec), codec)).toEqual({ ok: true, message });
  });

  it('drops unknown keys', () => {
    expect(readMessage(frame({ ...envelope, extra: 1 }, codec), codec)).toEqual({ ok: true, message: envelope });
  });

  it.each(Object.keys(envelope))('misses %s', (key) => {
    const custom = key === 'payload' ? { custom: 'RIVER-MSG-18' } : {};
    expect(readMessage(frame(without(key), codec), codec)).toEqual({ ok: false, error: `${key} is missing`, ...custom });
  });

  it('says of what only a custom refuses which one that is', () => {
    const bytes = (text: string): MessageFrame => ({ kind: 'message', class: 'data', text: false, data: new TextEncoder().encode(text) });
    const tagged = JSON.stringify({ ...envelope, payload: { $b: [5] } });
    expect(readMessage(bytes(tagged), 'json')).toMatchObject({ ok: false, custom: 'RIVER-CODEC-10' });
    expect(readMessage(bytes('{'), 'json')).not.toHaveProperty('custom');
    const data = new Uint8Array([...frame(envelope, 'msgpack').data, 0]);
    expect(readMessage({ kind: 'message', class: 'data', text: false, data }, 'msgpack')).toMatchObject({
      ok: false,
      custom: 'RIVER-CODEC-11',
    });
  });

  it.each([
    ['id', 1],
    ['from', null],
    ['to', ['S']],
    ['streamId', 7],
    ['seq', '3'],
    ['seq', 1.5],
    ['ack', null],
    ['ack', true],
    ['controlFlags', 0.5],
    ['serviceName', null],
    ['procedureName', 5],
    ['tracing', {}],
    ['tracing', null],
    ['tracing', { traceparent: '' }],
    ['tracing', { traceparent: '', tracestate: null }],
  ])('refuses %s: %j', (key, value) => {
    const read = readMessage(frame({ ...envelope, [key]: value }, codec), codec);
    expect(read.ok ? 'accepted' : read.error).toContain(`${key} is not`);
  });

  it('refuses text frames, lists and rubbish', () => {
    expect(readMessage({ ...frame(envelope, codec), text: true }, codec).ok).toBe(false);
    expect(readMessage(frame([envelope], codec), codec).ok).toBe(false);
    expect(readMessage({ kind: 'message', class: 'data', text: false, data: new Uint8Array([1, 2]) }, codec).ok).toBe(false);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.boolean(),
        (data, text) => typeof readMessage({ kind: 'message', class: 'data', text, data }, codec).ok === 'boolean',
      ),
    );
  });
});

it('accepts integral floats as numbers of the envelope (RIVER-CODEC-05)', () => {
  const data = Buffer.from('88a26964a0a466726f6da0a2746fa0a373657105a361636bcb4014000000000000a873747265616d4964a0', 'hex');
  const rest = Buffer.from('ac636f6e74726f6c466c616773cb0000000000000000', 'hex');
  const whole = Buffer.concat([data, rest, Buffer.from('a77061796c6f6164c0', 'hex')]);
  expect(readMessage({ kind: 'message', class: 'data', text: false, data: whole }, 'msgpack')).toMatchObject({
    ok: true,
    message: { ack: 5 },
  });
});

describe('payload predicates', () => {
  const request = {
    type: 'HANDSHAKE_REQ',
    protocolVersion: 'v2.0',
    sessionId: 's',
    expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 },
  };
  const status = { ok: false, code: 'SESSION_STATE_MISMATCH', reason: '' };
  const error = (code: unknown, message: unknown) => ({ ok: false, payload: { code, message } });
  const table: [keyof typeof checks, boolean, unknown][] = [
    ['isHandshakeRequest', true, request],
    ['isHandshakeRequest', true, { ...request, metadata: null, extra: 1 }],
    ['isHandshakeRequest', false, { ...request, type: 'ACK' }],
    ['isHandshakeRequest', false, { ...request, sessionId: undefined }],
    ['isHandshakeRequest', false, { ...request, protocolVersion: 2 }],
    ['isHandshakeRequest', false, { ...request, expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0.5 } }],
    ['isHandshakeRequest', false, { ...request, expectedSessionState: { nextSentSeq: 0 } }],
    ['isHandshakeResponse', true, { type: 'HANDSHAKE_RESP', status: { ok: true, sessionId: 's' } }],
    ['isHandshakeResponse', true, { type: 'HANDSHAKE_RESP', status }],
    ['isHandshakeResponse', false, { type: 'HANDSHAKE_RESP', status: { ...status, code: 'WHATEVER' } }],
    ['isHandshakeResponse', false, { type: 'HANDSHAKE_RESP', status: { ok: false, reason: '' } }],
    ['isHandshakeResponse', false, { type: 'HANDSHAKE_RESP', status: { ok: true } }],
    ['isHandshakeResponse', false, { type: 'HANDSHAKE_RESP' }],
    ['isHandshakeResponse', false, { type: 'ACK' }],
    ['isCloseControl', true, { type: 'CLOSE' }],
    ['isCloseControl', false, { type: 'ACK' }],
    ['isCloseControl', false, 'CLOSE'],
    ['isResult', true, { ok: true, payload: null }],
    ['isResult', true, error('X', '')],
    ['isResult', false, { ok: true }],
    ['isResult', false, error('X', null)],
    ['isResult', false, { ok: 1, payload: 1 }],
    ['isProtocolError', true, error('CANCEL', 'm')],
    ['isProtocolError', true, error('INVALID_REQUEST', 'm')],
    ['isProtocolError', false, error('MY_ERR', 'm')],
    ['isProtocolError', false, error('CANCEL', 5)],
    ['isProtocolError', false, { ok: true, payload: { code: 'CANCEL', message: '' } }],
  ];
  it.each(table)('%s gives %s', (check, expected, payload) => {
    expect(checks[check](payload)).toBe(expected);
  });

  it('tell heartbeats by their bit and re-handshakes by their stream', () => {
    expect(isHeartbeat({ ...envelope, controlFlags: 9 })).toBe(true);
    const named = { ...envelope, streamId: 'heartbeat' };
    expect(isHeartbeat(named)).toBe(false);
    expect(isRehandshake({ ...envelope, streamId: 'rehandshake' })).toBe(true);
    expect(isRehandshake({ ...envelope, streamId: 'rehandshake', controlFlags: 1 })).toBe(false);
    expect(isRehandshake(envelope)).toBe(false);
  });
});
