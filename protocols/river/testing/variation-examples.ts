import type { Role } from '../../common/frame.ts';
import type { ProcedureKind } from '../message.ts';
import { CANCEL, CLOSED } from '../message.ts';
import type { TraceBuilder } from './trace-builder.ts';

/** Says what happened in a trace. */
export type Story = (trace: TraceBuilder) => unknown;

/** One rule, two traces that it must make agree on `from`'s lanes, and one more that must stay apart from the first. */
export interface Example {
  readonly rule: string;
  readonly kind: ProcedureKind;
  readonly from: Role;
  readonly one: Story;
  readonly allowed: Story;
  readonly wrong: Story;
}

const ok = (payload: unknown) => ({ ok: true, payload });
const open = (trace: TraceBuilder, flags = 2) => trace.open('t.p', {}, flags);
const refused = (code: string, reason: string) => ({ ok: false, code, reason });
const tracing = { traceparent: '', tracestate: '' };
const invalid = 'INVALID_REQUEST';

const cancelled: Story = (trace) => open(trace).cancel('client');
const cancelledLate: Story = (trace) => {
  open(trace).say('server', { controlFlags: CLOSED, payload: ok(1) });
  trace.cancel('client');
};

/** At least one example for each variation rule. */
export const variationExamples: readonly Example[] = [
  {
    ...{ rule: 'tracing', kind: 'stream', from: 'client' },
    one: (trace) => open(trace),
    allowed: (trace) => trace.open('t.p', {}, 2, { tracing }),
    wrong: (trace) => trace.open('t.p', { tracing }, 2),
  },
  {
    ...{ rule: 'repeated-names', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).say('server', {}),
    allowed: (trace) => open(trace).say('server', { serviceName: 't', procedureName: 'p' }),
    wrong: (trace) => open(trace).say('server', { serviceName: 't', procedureName: 'q' }),
  },
  {
    ...{ rule: 'metadata-null', kind: 'stream', from: 'client' },
    one: (trace) => trace.request('x'),
    allowed: (trace) => trace.request('x', 0, { metadata: null }),
    wrong: (trace) => trace.request('x', 0, { metadata: {} }),
  },
  {
    ...{ rule: 'metadata-null', kind: 'stream', from: 'client' },
    one: (trace) => open(trace).say('client', { payload: {} }),
    allowed: (trace) => open(trace).say('client', { payload: {} }),
    wrong: (trace) => open(trace).say('client', { payload: { metadata: null } }),
  },
  {
    ...{ rule: 'more-members', kind: 'stream', from: 'client' },
    one: (trace) => trace.request('x'),
    allowed: (trace) => trace.request('x', 0, { client: 'other/1', more: null }),
    wrong: (trace) => trace.request('x', 0, { protocolVersion: 'v3' }),
  },
  {
    ...{ rule: 'more-members', kind: 'stream', from: 'server' },
    one: (trace) => trace.request('x').response({ ok: true, sessionId: 'x' }),
    allowed: (trace) => trace.request('x').response({ ok: true, sessionId: 'x', constructor: 1 }),
    wrong: (trace) => trace.request('x').response({ ok: false, sessionId: 'x' }),
  },
  {
    ...{ rule: 'more-members', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).say('server', { payload: ok({}) }),
    allowed: (trace) => open(trace).say('server', { payload: ok({}) }),
    wrong: (trace) => open(trace).say('server', { payload: ok({ more: 1 }) }),
  },
  {
    ...{ rule: 'subscription-open-flags', kind: 'subscription', from: 'client' },
    one: (trace) => open(trace, 10).close('server'),
    allowed: (trace) => open(trace, 2).close('server').close('client'),
    wrong: (trace) => open(trace, 10).close('server').close('client'),
  },
  {
    ...{ rule: 'subscription-open-flags', kind: 'stream', from: 'client' },
    one: (trace) => open(trace, 2).close('client'),
    allowed: (trace) => open(trace, 2).close('client'),
    wrong: (trace) => open(trace, 10),
  },
  {
    ...{ rule: 'closed-bit-on-last-request', kind: 'upload', from: 'client' },
    one: (trace) => open(trace).say('client', { controlFlags: CLOSED, payload: 1 }),
    allowed: (trace) => {
      open(trace).say('client', { payload: 1 });
      trace.close('client');
    },
    wrong: (trace) => open(trace).say('client', { payload: 1 }),
  },
  {
    ...{ rule: 'closed-bit-on-last-request', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).say('server', { controlFlags: CLOSED, payload: ok(1) }),
    allowed: (trace) => open(trace).say('server', { controlFlags: CLOSED, payload: ok(1) }),
    wrong: (trace) => {
      open(trace).say('server', { payload: ok(1) });
      trace.close('server');
    },
  },
  {
    ...{ rule: 'error-text', kind: 'rpc', from: 'server' },
    one: (trace) => open(trace).cancel('server', invalid, { message: 'a' }),
    allowed: (trace) => open(trace).cancel('server', invalid, { message: 'b', extras: { totalErrors: 1 } }),
    wrong: (trace) => open(trace).cancel('server', 'UNCAUGHT_ERROR', { message: 'a' }),
  },
  {
    ...{ rule: 'error-text', kind: 'rpc', from: 'server' },
    one: (trace) => open(trace).say('server', { payload: { ok: false, payload: { code: 'E', message: 'a' } } }),
    allowed: (trace) => open(trace).say('server', { payload: { ok: false, payload: { code: 'E', message: 'b' } } }),
    wrong: (trace) => open(trace).say('server', { payload: { ok: false, payload: { code: 'E' } } }),
  },
  {
    ...{ rule: 'error-text', kind: 'rpc', from: 'server' },
    one: (trace) => open(trace).say('server', { payload: ok({ message: 'a' }) }),
    allowed: (trace) => open(trace).say('server', { payload: ok({ message: 'a' }) }),
    wrong: (trace) => open(trace).say('server', { payload: ok({ message: 'b' }) }),
  },
  {
    ...{ rule: 'cancel-text', kind: 'rpc', from: 'client' },
    one: (trace) => open(trace).cancel('client', 'CANCEL', { message: 'a' }),
    allowed: (trace) => open(trace).cancel('client', 'CANCEL', { message: 'b' }),
    wrong: (trace) => open(trace).say('client', { controlFlags: CANCEL, payload: { type: 'CANCEL' } }),
  },
  {
    ...{ rule: 'refusal-reason', kind: 'rpc', from: 'server' },
    one: (trace) => trace.request('x').response(refused('MALFORMED_HANDSHAKE', 'a')),
    allowed: (trace) => trace.request('x').response(refused('MALFORMED_HANDSHAKE', 'b')),
    wrong: (trace) => trace.request('x').response(refused('PROTOCOL_VERSION_MISMATCH', 'a')),
  },
  {
    ...{ rule: 'repeated-invalid-request', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).cancel('server', invalid),
    allowed: (trace) => {
      open(trace).cancel('server', invalid);
      trace.cancel('server', invalid);
    },
    wrong: (trace) => open(trace),
  },
  {
    ...{ rule: 'repeated-invalid-request', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).cancel('server', 'UNCAUGHT_ERROR'),
    allowed: (trace) => open(trace).cancel('server', 'UNCAUGHT_ERROR'),
    wrong: (trace) => {
      open(trace).cancel('server', 'UNCAUGHT_ERROR');
      trace.cancel('server', 'UNCAUGHT_ERROR');
    },
  },
  {
    ...{ rule: 'close-after-cancel', kind: 'stream', from: 'server' },
    one: cancelled,
    allowed: (trace) => {
      cancelled(trace);
      trace.close('server');
    },
    wrong: (trace) => {
      cancelled(trace);
      trace.say('server', { controlFlags: CLOSED, payload: ok(1) });
    },
  },
  {
    ...{ rule: 'close-after-cancel', kind: 'rpc', from: 'server' },
    one: cancelled,
    allowed: cancelled,
    wrong: (trace) => {
      cancelled(trace);
      trace.close('server');
    },
  },
  {
    ...{ rule: 'close-after-cancel', kind: 'stream', from: 'server' },
    one: (trace) => open(trace).close('client').close('server'),
    allowed: (trace) => open(trace).close('client').close('server'),
    wrong: (trace) => open(trace).close('client'),
  },
  {
    ...{ rule: 'result-crossing-cancel', kind: 'stream', from: 'server' },
    one: cancelled,
    allowed: (trace) => {
      const cancel = open(trace).cancel('client', 'CANCEL', { message: 'm' }, { lost: true });
      trace.say('server', { payload: ok(1) });
      trace.arrive(cancel);
    },
    wrong: (trace) => {
      cancelled(trace);
      trace.say('server', { payload: ok(1) });
    },
  },
  {
    ...{ rule: 'answer-to-late-cancel', kind: 'rpc', from: 'server' },
    one: cancelledLate,
    allowed: (trace) => {
      cancelledLate(trace);
      trace.cancel('server', invalid);
    },
    wrong: (trace) => {
      cancelledLate(trace);
      trace.cancel('server', 'CANCEL');
    },
  },
  {
    ...{ rule: 'answer-to-late-cancel', kind: 'rpc', from: 'server' },
    one: cancelled,
    allowed: cancelled,
    wrong: (trace) => {
      cancelled(trace);
      trace.cancel('server', invalid);
    },
  },
  {
    ...{ rule: 'close-in-answer-to-close', kind: 'subscription', from: 'server' },
    one: (trace) => open(trace).close('client'),
    allowed: (trace) => open(trace).close('client').close('server'),
    wrong: (trace) => open(trace).close('server').close('client'),
  },
  {
    ...{ rule: 'redial-after-foreign-session', kind: 'rpc', from: 'client' },
    one: (trace) => trace.request('x').response({ ok: true, sessionId: 'other' }),
    allowed: (trace) => trace.request('x').response({ ok: true, sessionId: 'other' }).request('y', 1),
    wrong: (trace) => trace.request('x').response({ ok: true, sessionId: 'x' }).request('y', 1),
  },
  {
    ...{ rule: 'answer-to-undecodable-handshake', kind: 'rpc', from: 'server' },
    one: (trace) => trace.rubbish('client'),
    allowed: (trace) => trace.rubbish('client').response(refused('MALFORMED_HANDSHAKE', '')),
    wrong: (trace) => trace.rubbish('client').response({ ok: true, sessionId: 'x' }),
  },
  {
    ...{ rule: 'answer-to-undecodable-handshake', kind: 'rpc', from: 'server' },
    one: (trace) => trace.request('x'),
    allowed: (trace) => trace.request('x'),
    wrong: (trace) => trace.request('x').response(refused('MALFORMED_HANDSHAKE', '')),
  },
];
