import { describe, expect, it } from 'vitest';
import type { SentEvent } from '../common/trace.ts';
import { matchWire } from './match.ts';
import type { RiverMessage } from './message.ts';
import { sentEvent } from './testing/trace-builder.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

const context = { streamOf: (name: string) => (name === 'chat' ? 'k3' : undefined) };
const base = { id: 'm', from: 'c', to: 'S', seq: 3, ack: 2, streamId: 'k3', controlFlags: 0, payload: { msg: new Uint8Array([1]) } };
const sent = (fields: Partial<RiverMessage> = {}, from: 'client' | 'server' = 'client') => sentEvent({ ...base, ...fields }, { from });
const matches = (pattern: WirePattern, event: SentEvent<RiverMessage>) =>
  matchWire(wirePattern.parse(pattern) as WirePattern, event, context);

const request = { type: 'HANDSHAKE_REQ', sessionId: 's' };
const refusal = { type: 'HANDSHAKE_RESP', status: { ok: false, code: 'X' } };
const data = sent();
const result = sent({ payload: { ok: true, payload: { n: 1 } }, controlFlags: 8 }, 'server');
const error = sent({ payload: { ok: false, payload: { code: 'CANCEL', message: 'm' } }, controlFlags: 4 }, 'server');
const named = sent({ serviceName: 's', procedureName: 'p', controlFlags: 2, tracing: { traceparent: '', tracestate: '' } });

describe('a pattern matches what it says and nothing else', () => {
  it.each<[WirePattern, SentEvent<RiverMessage>, WirePattern]>([
    [{ from: 'client' }, data, { from: 'server' }],
    [{ kind: 'data' }, data, { kind: 'open' }],
    [{ kind: ['open', 'data'] }, data, { kind: ['open', 'close'] }],
    [{ stream: 'chat' }, data, { stream: 'other' }],
    [{ stream: 'chat' }, data, { stream: 'chat', seq: 4 }],
    [{ 'stream-id': { $match: '^k' } }, data, { 'stream-id': 'k4' }],
    [{ flags: 8 }, result, { flags: 0 }],
    [{ flags: { $oneOf: [2, 10] } }, named, { flags: { $not: 2 } }],
    [{ payload: { msg: { $bytes: 'AQ==' } } }, data, { payload: { msg: { $bytes: 'AA==' } } }],
    [{ payload: { more: { $absent: true } } }, data, { payload: { msg: { $absent: true } } }],
    [{ payload: null }, sent({ payload: null }), { payload: {} }],
    [{ handshake: { sessionId: 's' } }, sent({ payload: request }), { handshake: { sessionId: 't' } }],
    [{ handshake: { code: 'X' } }, sent({ payload: refusal }, 'server'), { handshake: { type: 'HANDSHAKE_RESP' } }],
    [{ result: { n: 1 } }, result, { result: { n: 2 } }],
    [{ result: 'any' }, result, { error: 'any' }],
    [{ error: { code: 'CANCEL' } }, error, { error: { code: 'UNCAUGHT_ERROR' } }],
    [{ error: 'any' }, error, { result: 'any' }],
    [{ seq: 3, ack: { $range: [1, 2] }, id: 'm', to: 'S', sender: 'c' }, data, { sender: 'S' }],
    [{ service: 's', procedure: 'p' }, named, { service: { $absent: true } }],
    [{ service: { $absent: true }, tracing: { $absent: true } }, data, { procedure: 'any' }],
    [{ tracing: { tracestate: '' } }, named, { tracing: { $absent: true } }],
    [{ text: false, connection: 0 }, data, { text: true }],
    [{}, data, { connection: 1 }],
    [{}, data, { code: 1000 }],
    [{}, data, { handshake: 'any' }],
  ])('%o', (pattern, event, otherPattern) => {
    expect(matches(pattern, event)).toBeUndefined();
    expect(matches(otherPattern, event)).toBeTypeOf('string');
  });
});

it('reads the direction of a delivered frame from its receiver', () => {
  const delivered = { ...data, type: 'delivered', to: 'server', of: 0, altered: false } as const;
  expect(matchWire({ from: 'client', kind: 'data' }, delivered, context)).toBeUndefined();
  expect(matchWire({ from: 'server' }, delivered, context)).toBe('from: expected server, got client');
});

it('says why frames without a message do not match', () => {
  const frame = { kind: 'close', class: 'closing', code: 1000, reason: '' } as const;
  const close: SentEvent<RiverMessage> = { ...data, frame, decoded: undefined };
  expect(matchWire({ kind: 'transport-close', code: 1000 }, close, context)).toBeUndefined();
  expect(matchWire({ code: 1001 }, close, context)).toBe('code: expected 1001, got 1000');
  expect(matchWire({ text: false }, close, context)).toContain('text: expected a message frame');
  expect(matchWire({ seq: { $absent: true } }, close, context)).toBe('seq: expected a message, got transport-close');
  const broken: SentEvent<RiverMessage> = { ...data, decoded: { ok: false, error: '' } };
  expect(matchWire({ kind: 'undecodable', text: false }, broken, context)).toBeUndefined();
  expect(matchWire({ stream: 'nobody' }, data, context)).toBe('stream: nobody was not seen on the wire yet');
});
