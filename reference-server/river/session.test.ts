import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../protocols/river/codec.ts';
import { bench } from './testing/bench.ts';

const state = (nextExpectedSeq: number, nextSentSeq: number) => ({ expectedSessionState: { nextExpectedSeq, nextSentSeq } });
const heartbeats = (client: { received: Record<string, unknown>[] }) =>
  client.received.filter((message) => message['streamId'] === 'heartbeat').map(({ seq, ack }) => [seq, ack]);

describe('sequence numbers', () => {
  test('a duplicate has no effect, a gap closes the connection and keeps the session', () => {
    const { join, dial, statuses } = bench();
    const client = join();
    client.open('ordering.add', { n: 1 }, { flags: 10 });
    client.send({ seq: 0, streamId: 'dup', payload: {} });
    expect(client.take('dup')).toEqual([]);
    client.send({ seq: 2, streamId: 'gap', payload: {} });
    expect([client.take('gap'), client.closed, client.code]).toEqual([[], 'close', 1000]);
    const again = dial();
    again.handshake(state(1, 1));
    expect(again.status()).toEqual({ ok: true, sessionId: 'session-A' });
    expect(statuses).toEqual(['session-created client', 'connected client', 'disconnected client', 'connected client']);
  });

  test('a repeated handshake request does not use up a number', () => {
    const client = bench().join();
    client.handshake();
    client.open('test.add', { n: 1 }, { flags: 10 });
    expect(client.received.slice(1).map(({ seq, ack, streamId }) => [seq, ack, streamId])).toEqual([[0, 1, 's']]);
  });

  test.each([
    ['undecodable bytes', { raw: { text: false, data: Uint8Array.of(1) } }],
    ['a text frame', { raw: { text: true, data: new TextEncoder().encode('{}') } }],
    ['serviceName null', { send: { serviceName: null, payload: {} } }],
    ['a foreign sender', { send: { from: 'victim', payload: {} } }],
    ['a heartbeat of a foreign sender', { send: { from: 'victim', controlFlags: 1, streamId: 'heartbeat', payload: { type: 'ACK' } } }],
  ])('%s destroys the session, and no other', (_name, act) => {
    const { join, handlers, statuses } = bench();
    const [victim, client] = [join('victim', 'session-V'), join()];
    victim.open('test.echo', {});
    client.open('cancel.blockingRpc', {}, { flags: 10 });
    if ('raw' in act) client.raw(act.raw);
    else client.send(act.send);
    expect(client.closed).toBe('close');
    expect(statuses.at(-1)).toBe('session-destroyed client');
    expect(handlers.slice(-2)).toEqual(['cancel.blockingRpc disconnected', 'cancel.blockingRpc finished']);
    victim.send({ payload: { msg: 'x' } });
    expect(victim.take()).toEqual([[0, { ok: true, payload: { response: 'x' } }]]);
  });

  test('a value that cannot be encoded destroys the session, and the server goes on', () => {
    const { join, script, statuses } = bench({}, 'msgpack');
    const client = join();
    client.open('cancel.blockingRpc', {}, { flags: 10 });
    script({ respond: { to: 's', ok: nested(150) } });
    expect([client.take(), client.closed, statuses.at(-1)]).toEqual([[], 'close', 'session-destroyed client']);
    expect(join('client', 'session-B').status()).toEqual({ ok: true, sessionId: 'session-B' });
  });
});

test('a value nested too deeply costs its own session at most', () => {
  const { join } = bench({}, 'msgpack');
  const [other, client] = [join('other', 'session-O'), join()];
  const message = { id: 'x', from: 'client', to: 'SERVER', seq: 0, ack: 0, streamId: 's', controlFlags: 10, serviceName: 'echo' };
  // The last byte is the number 0; in its place a list in a list in a list …
  const shallow = encodeMessage({ ...message, procedureName: 'any', payload: 0 }, 'msgpack');
  const deep = new Uint8Array(shallow.length + 100_000).fill(0x91);
  deep.set(shallow.subarray(0, -1));
  deep[deep.length - 1] = 0xc0;
  client.raw({ text: false, data: deep });
  expect(client.closed).toBe('close');
  other.open('test.add', { n: 1 }, { flags: 10 });
  expect(other.take()).toHaveLength(1);
});

describe('resume', () => {
  test('what was produced while away arrives once, after ok, in order, unchanged', () => {
    const { join, dial, environment } = bench();
    const [client, other] = [join(), join('other', 'session-O')];
    client.open('subscribable.value', {}, { flags: 10 });
    const first = client.received.at(-1);
    client.lose();
    for (const n of [1, 2]) other.open('subscribable.add', { n }, { streamId: `add${n}`, flags: 10 });
    environment.advance(4999);
    const again = dial();
    again.handshake(state(0, 1));
    expect(again.received[1]).toEqual(first);
    expect(again.received.slice(1).map(({ seq, payload }) => [seq, payload])).toEqual(
      [0, 1, 3].map((count, seq) => [seq, { ok: true, payload: { count } }]),
    );
  });

  test('the boundaries: one step into either future is refused and harms nothing', () => {
    const { join, dial } = bench();
    const client = join();
    client.open('test.add', { n: 1 }, { flags: 10 });
    client.open('test.add', { n: 1 }, { streamId: 't', flags: 10 });
    client.send({ streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' }, ack: 1 });
    client.lose();
    for (const [expected, sent] of [
      [1, 4],
      [0, 3],
    ] as const) {
      const refused = dial();
      refused.handshake(state(expected, sent));
      expect(refused.status()).toMatchObject({ ok: false, code: 'SESSION_STATE_MISMATCH' });
    }
    const again = dial();
    again.handshake(state(1, 3));
    expect(again.status()).toMatchObject({ ok: true });
    expect(again.received.slice(1).map(({ seq }) => seq)).toEqual([1]);
  });

  test('grace: the session lives until its end, handlers hear of the end, each loss starts a full period', () => {
    const { join, dial, environment, handlers, statuses } = bench();
    const client = join();
    client.open('cancel.blockingStream', {});
    client.lose(1000);
    environment.advance(4000);
    const again = dial();
    again.handshake(state(0, 1));
    again.lose(1001);
    environment.advance(4999);
    expect(handlers).toEqual(['cancel.blockingStream started']);
    environment.advance(1);
    expect(handlers.slice(1)).toEqual(['cancel.blockingStream disconnected', 'cancel.blockingStream finished']);
    expect(statuses.at(-1)).toBe('session-destroyed client');
    const late = dial();
    late.handshake(state(1, 1));
    expect(late.status()).toMatchObject({ ok: false, code: 'SESSION_STATE_MISMATCH' });
    environment.advance(5000);
    expect(environment.pending()).toBe(0);
  });

  test('a resume replaces a connection believed alive; the stale one has no say any more', () => {
    const { join, dial, environment, statuses } = bench();
    const stale = join();
    stale.open('test.echo', {});
    const again = dial();
    again.handshake(state(0, 1));
    expect([stale.closed, again.status()]).toEqual(['close', { ok: true, sessionId: 'session-A' }]);
    stale.send({ payload: { msg: 'late' } });
    stale.raw({ text: false, data: Uint8Array.of(1) });
    stale.lose();
    again.send({ seq: 1, payload: { msg: 'new' } });
    expect([stale.take(), again.take()]).toEqual([[], [[0, { ok: true, payload: { response: 'new' } }]]]);
    environment.advance(500);
    expect(statuses.filter((status) => /dis|destroyed/.test(status))).toEqual([]);
  });

  test('another session id is a hard reconnect, also where it is then refused', () => {
    const { join, dial, handlers, environment } = bench();
    const old = join();
    old.open('subscribable.value', {});
    const fresh = join('client', 'session-B');
    expect([old.closed, fresh.status()]).toEqual(['close', { ok: true, sessionId: 'session-B' }]);
    expect(handlers.slice(-2)).toEqual(['subscribable.value disconnected', 'subscribable.value finished']);
    fresh.open('subscribable.add', { n: 1 }, { streamId: 'add', flags: 10 });
    expect(fresh.received.slice(1).map(({ seq, streamId }) => [seq, streamId])).toEqual([[0, 'add']]);
    const wrong = dial();
    wrong.handshake({ sessionId: 'session-C', ...state(1, 1) });
    expect([wrong.status(), fresh.closed]).toMatchObject([{ code: 'SESSION_STATE_MISMATCH' }, 'close']);
    environment.advance(1000);
    expect(environment.pending()).toBe(0);
  });

  test('0/0 is accepted under an id that was lost', () => {
    const { join, script } = bench();
    join();
    script({ 'forget-sessions': true });
    expect(join().status()).toEqual({ ok: true, sessionId: 'session-A' });
  });

  test('with transparent reconnects off a resume is refused and the session dropped', () => {
    const { join, dial, statuses } = bench({ transparentReconnects: false });
    join().lose();
    const again = dial();
    again.handshake();
    expect(again.status()).toMatchObject({ ok: false, code: 'SESSION_STATE_MISMATCH' });
    expect(statuses).toContain('session-destroyed client');
    expect(join('client', 'session-B').status()).toMatchObject({ ok: true });
  });
});

describe('heartbeats', () => {
  test('one each interval, buffered and numbered; the echo is not answered', () => {
    const { join, environment } = bench();
    const client = join();
    environment.advance(999);
    expect(heartbeats(client)).toEqual([]);
    for (let i = 0; i < 3; i += 1) {
      environment.advance(1000);
      client.send({ streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
    }
    expect(heartbeats(client)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(client.closed).toBeUndefined();
  });

  test('silence costs the connection, not the session; duplicates are no sign of life', () => {
    const { join, dial, environment } = bench();
    const client = join();
    client.open('test.echo', {});
    environment.advance(1500);
    client.send({ seq: 0, payload: {} });
    expect(client.closed).toBeUndefined();
    environment.advance(500);
    expect(client.closed).toBe('close');
    environment.advance(4000);
    const again = dial();
    again.handshake(state(0, 1));
    expect(heartbeats(again)).toEqual([[0, 1]]);
    environment.advance(1000);
    expect(heartbeats(again)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
});

test('stop ends everything and leaves no timer', () => {
  const { join, dial, stop, environment, handlers } = bench();
  const [client, waiting] = [join(), dial('late')];
  client.open('cancel.blockingRpc', {}, { flags: 10 });
  stop();
  expect([client.closed, waiting.closed, dial('after').closed]).toEqual(['close', 'close', 'abort']);
  expect(handlers.at(-2)).toBe('cancel.blockingRpc disconnected');
  environment.advance(2000);
  expect(environment.pending()).toBe(0);
});

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}
