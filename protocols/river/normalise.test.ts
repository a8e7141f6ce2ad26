import { describe, expect, it } from 'vitest';
import type { CallFacts, NormalisedTrace } from '../common/normalise.ts';
import { normalise } from './normalise.ts';
import { call, facts, TraceBuilder } from './testing/trace-builder.ts';

const ok = (payload: unknown) => ({ ok: true, payload });
const connected = { type: 'application', n: -1, t: 0, role: 'client', instance: 'main', event: { kind: 'connect' } } as const;
const normal = (trace: TraceBuilder, calls: readonly CallFacts[] = []) => normalise([connected, ...trace.events], calls, facts);
const lane = (normalised: NormalisedTrace, name: string, from: 'client' | 'server') =>
  normalised.lanes.find((candidate) => candidate.name === name && candidate.from === from);
const kinds = (normalised: NormalisedTrace, name: string, from: 'client' | 'server') =>
  lane(normalised, name, from)?.items.map((item) => item.kind);
const values = (normalised: NormalisedTrace, name: string, from: 'client' | 'server') =>
  lane(normalised, name, from)?.items.map((item) => item.value);

describe('streams', () => {
  it('fill a lane for each direction, named after the call, without ids and numbers', () => {
    const trace = new TraceBuilder().open('t.echo', { a: 1 }, 2);
    trace.say('client', { payload: { msg: 'x' } });
    trace.say('server', { payload: ok('x'), ack: 7 });
    trace.close('client').close('server');
    expect(normal(trace, [call('chat', 't.echo', { a: 1 })])).toEqual({
      lanes: [
        {
          name: 'main/chat',
          from: 'client',
          items: [
            { kind: 'open', value: { service: 't', procedure: 'echo', flags: 2, payload: { a: 1 } }, events: [0] },
            { kind: 'data', value: { flags: 0, payload: { msg: 'x' } }, events: [2] },
            { kind: 'close', value: { flags: 8, payload: { type: 'CLOSE' } }, events: [6] },
          ],
        },
        {
          name: 'main/chat',
          from: 'server',
          items: [
            { kind: 'data', value: { flags: 0, payload: ok('x') }, events: [4] },
            { kind: 'close', value: { flags: 8, payload: { type: 'CLOSE' } }, events: [8] },
          ],
        },
      ],
    });
  });

  it('of no call are numbered in order of appearance', () => {
    const trace = new TraceBuilder().open('t.add', 1, 10, { streamId: 'p' }).open('t.add', 2, 10, { streamId: 'q' });
    trace.say('server', { streamId: 'q', payload: ok(2) });
    const normalised = normal(trace);
    expect(normalised.lanes.map(({ name, from, items }) => [name, from, items.length])).toEqual([
      ['main/stream-1', 'client', 1],
      ['main/stream-1', 'server', 0],
      ['main/stream-2', 'client', 1],
      ['main/stream-2', 'server', 1],
    ]);
  });

  it('keep wrong names on later messages, and tell repeated ones', () => {
    const trace = new TraceBuilder().open('t.echo', {}, 2);
    trace.say('client', { serviceName: 't', procedureName: 'echo' });
    trace.say('server', { serviceName: 't', procedureName: 'other', tracing: { traceparent: 'p', tracestate: '' } });
    const normalised = normal(trace);
    expect(values(normalised, 'main/stream-1', 'client')?.[1]).toEqual({ names: 'repeated', flags: 0, payload: null });
    expect(values(normalised, 'main/stream-1', 'server')).toEqual([
      { service: 't', procedure: 'other', flags: 0, payload: null, tracing: true },
    ]);
  });

  it('of two clients are apart even with one streamId', () => {
    const trace = new TraceBuilder();
    trace.application('ann', { kind: 'connect' }).application('bob', { kind: 'connect' });
    trace.say('client', { from: 'c1', controlFlags: 2 }, { connection: 0 });
    trace.say('client', { from: 'c2', controlFlags: 2 }, { connection: 1 });
    trace.say('server', { to: 'c2' }, { connection: 1 });
    const { lanes } = normalise(trace.events, [], { ...facts, clientIds: ['c1', 'c2'] });
    expect(lanes.map(({ name, from, items }) => [name, from, items.length])).toEqual([
      ['ann/stream-1', 'client', 1],
      ['ann/stream-1', 'server', 0],
      ['bob/stream-1', 'client', 1],
      ['bob/stream-1', 'server', 1],
    ]);
    const unknown = normalise(trace.events.slice(2), [], { ...facts, clientIds: [] });
    expect(new Set(unknown.lanes.map(({ name }) => name))).toEqual(new Set(['client-1/stream-1', 'client-2/stream-1']));
  });

  it('leave out heartbeats, keep-alives and transport closes, and keep re-handshakes and rubbish apart', () => {
    const trace = new TraceBuilder();
    trace.say('server', { controlFlags: 1, streamId: 'heartbeat', payload: { type: 'ACK' } });
    trace.say('server', { streamId: 'rehandshake', payload: { type: 'REHANDSHAKE_REQ' } });
    trace.rubbish('client').rubbish('client').rubbish('client', 0, true).leave('client');
    const normalised = normal(trace);
    expect(normalised.lanes.map(({ name, from }) => `${from} ${name}`)).toEqual(['server main/rehandshake', 'client main/undecodable']);
    expect(values(normalised, 'main/undecodable', 'client')).toEqual([{ text: false }, { text: true }]);
  });
});

describe('retransmissions', () => {
  const dropped = () => {
    const trace = new TraceBuilder().request('s-a').open('t.echo', {}, 2, { seq: 0 });
    trace.say('client', { seq: 1, payload: 'x' });
    return trace.request('s-a', 1);
  };

  it('fold into their originals', () => {
    const trace = dropped();
    trace.say('client', { seq: 1, payload: 'x' }, { connection: 1 });
    const normalised = normal(trace);
    expect(lane(normalised, 'main/stream-1', 'client')?.items.map((item) => item.events)).toEqual([[2], [4, 8]]);
  });

  it('do not fold with another payload, seq or session', () => {
    const changed = dropped();
    changed.say('client', { seq: 1, payload: 'y' }, { connection: 1 });
    const renumbered = dropped();
    renumbered.say('client', { seq: 2, payload: 'x' }, { connection: 1 });
    const elsewhere = dropped().request('s-b', 2);
    elsewhere.say('client', { seq: 1, payload: 'x' }, { connection: 2 });
    for (const trace of [changed, renumbered]) expect(kinds(normal(trace), 'main/stream-1', 'client')).toEqual(['open', 'data', 'data']);
    // Another session may use the stream id again: it is another stream.
    expect(kinds(normal(elsewhere), 'main/stream-1', 'client')).toEqual(['open', 'data']);
    expect(kinds(normal(elsewhere), 'main/stream-2', 'client')).toEqual(['data']);
  });
});

describe('the end of a connection', () => {
  const crossing = () => {
    const trace = new TraceBuilder().request('s-a').open('t.echo', {}, 2, { seq: 0 }).leave('client');
    trace.say('server', { seq: 0, payload: ok('late') });
    return trace;
  };

  it('hides what the other end still sends on it', () => {
    expect(kinds(normal(crossing()), 'main/stream-1', 'server')).toEqual([]);
  });

  it('hides nothing of who ended it, nor what comes again on the next one', () => {
    const trace = crossing();
    trace.say('client', { seq: 1, payload: 'after its own close' });
    trace.request('s-a', 1).say('server', { seq: 0, payload: ok('late') }, { connection: 1 });
    expect(kinds(normal(trace), 'main/stream-1', 'server')).toEqual(['data']);
    expect(kinds(normal(trace), 'main/stream-1', 'client')).toEqual(['open', 'data']);
  });
});

describe('handshakes', () => {
  it('are kept once a session and without numbers', () => {
    const once = new TraceBuilder().request('x', 0).response({ ok: true, sessionId: 'x' }, 0);
    const often = new TraceBuilder().request('y', 0).request('y', 1, { metadata: 1 });
    often.response({ ok: true, sessionId: 'y' }, 1).request('y', 2).response({ ok: true, sessionId: 'y' }, 2);
    const strip = (trace: TraceBuilder) => normal(trace).lanes.map(({ name, items }) => [name, items.map((item) => item.value)]);
    expect(strip(often)).toEqual(strip(once));
    expect(values(normal(once), 'main/handshake', 'client')).toEqual([
      { flags: 0, payload: { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId: 's1' } },
    ]);
    expect(lane(normal(often), 'main/handshake', 'client')?.items[0]?.events).toEqual([0, 2, 6]);
  });

  it('number sessions as they appear, and collapse refusals only in a row and of one code', () => {
    const refusal = (code: string, reason: string) => ({ ok: false, code, reason });
    const trace = new TraceBuilder().request('x').response(refusal('SESSION_STATE_MISMATCH', '3'));
    trace.response(refusal('SESSION_STATE_MISMATCH', '4')).request('y', 1).response({ ok: true, sessionId: 'y' }, 1);
    trace.response(refusal('SESSION_STATE_MISMATCH', '5'), 1).response(refusal('MALFORMED_HANDSHAKE', ''), 1);
    const normalised = normal(trace);
    const payloads = values(normalised, 'main/handshake', 'server')?.map(
      (value) => (value as { payload: { status: object } }).payload.status,
    );
    expect(payloads).toEqual([
      refusal('SESSION_STATE_MISMATCH', '3'),
      { ok: true, sessionId: 's2' },
      refusal('SESSION_STATE_MISMATCH', '5'),
      refusal('MALFORMED_HANDSHAKE', ''),
    ]);
    expect(kinds(normalised, 'main/handshake', 'client')).toHaveLength(2);
  });

  it('with another version or a malformed shape are kept', () => {
    const trace = new TraceBuilder().request('x').request('x', 0, { protocolVersion: 'v9' }).request('x', 0, { expectedSessionState: 1 });
    expect(kinds(normal(trace), 'main/handshake', 'client')).toHaveLength(2);
    const alone = new TraceBuilder().request('x', 0, { expectedSessionState: 1 });
    expect(values(normal(alone), 'main/handshake', 'client')).toMatchObject([{ payload: { sessionId: 's1', expectedSessionState: 1 } }]);
  });
});

it('does not depend on the order between streams and directions', () => {
  const streams = (order: readonly string[]) => {
    const trace = new TraceBuilder();
    for (const id of ['p', 'q']) trace.open('t.echo', id, 2, { streamId: id });
    for (const id of order) trace.say('server', { streamId: id, payload: ok(id) });
    return normal(trace).lanes.map(({ name, from, items }) => [name, from, items.map((item) => item.value)]);
  };
  expect(streams(['p', 'q', 'p'])).toEqual(streams(['q', 'p', 'p']));
  expect(streams(['p', 'q'])).not.toEqual(streams(['q']));
});
