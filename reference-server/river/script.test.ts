import { describe, expect, test } from 'vitest';
import { bench } from './testing/bench.ts';

describe('handshake replies', () => {
  test('silent: neither an answer nor a close', () => {
    const { script, join, environment } = bench();
    script({ handshake: 'silent' });
    const client = join();
    environment.advance(10_000);
    expect([client.received, client.closed]).toEqual([[], undefined]);
  });

  test('abort', () => {
    const { script, join } = bench();
    script({ handshake: 'abort' });
    expect(join().closed).toBe('abort');
  });

  test('hold until released', () => {
    const { script, join, environment } = bench();
    script({ handshake: { reply: 'hold', times: 1 } });
    const client = join();
    environment.advance(5000);
    expect([client.received, client.closed]).toEqual([[], undefined]);
    script({ 'release-handshake': true });
    expect(client.status()).toEqual({ ok: true, sessionId: 'session-A' });
    client.open('test.add', { n: 1 }, { flags: 10 });
    expect(client.take()).toHaveLength(1);
    expect(() => script({ 'release-handshake': true })).toThrow('no handshake is held');
  });

  test('refuse, once and then normally again', () => {
    const { script, join } = bench();
    script({ handshake: { reply: { refuse: { code: 'ODD_CODE', reason: 'why' } }, times: 1 } });
    const client = join();
    expect([client.status(), client.closed]).toEqual([{ ok: false, code: 'ODD_CODE', reason: 'why' }, 'close']);
    expect(join().status()).toMatchObject({ ok: true });
  });

  test('a foreign session id, another payload, a raw frame, another envelope', () => {
    const { script, join } = bench();
    script({ handshake: { session: 'session-X' } });
    expect(join('a').status()).toEqual({ ok: true, sessionId: 'session-X' });
    script({ handshake: { payload: { type: 'HANDSHAKE_RESP', status: 'odd' } } });
    const odd = join('b');
    expect([odd.status(), odd.closed]).toEqual(['odd', undefined]);
    script({ handshake: { raw: { json: { type: 'nothing' } } } });
    expect(join('c').received).toEqual([{ type: 'nothing' }]);
    script({ handshake: { envelope: { from: 'SOMEONE', tracing: { $undefined: true } } } });
    const client = join('d');
    expect(client.received[0]).toMatchObject({ from: 'SOMEONE', payload: { status: { ok: true } } });
    client.open('test.add', { n: 1 }, { flags: 10 });
    expect(client.take()).toHaveLength(1);
  });
});

describe('messages by hand', () => {
  test('manual procedures answer as the script says, however often', () => {
    const { script, join, handlers } = bench();
    script({ manual: ['test.add', 'test.echo'] });
    const client = join();
    client.open('test.add', { n: 1 }, { flags: 10 });
    client.open('test.echo', {}, { streamId: 't' });
    expect(client.take()).toEqual([]);
    script({ respond: { to: 's', ok: { result: { $bigint: '7' } } } });
    script({ respond: { to: 's', ok: { result: 8 } } });
    script({ respond: { to: 't', error: { code: 'ODD', message: 'm' } } });
    script({ 'close-stream': 't' });
    expect(client.take()).toEqual([
      [8, { ok: true, payload: { result: 7n } }],
      [8, { ok: true, payload: { result: 8 } }],
    ]);
    expect(client.take('t')).toEqual([
      [0, { ok: false, payload: { code: 'ODD', message: 'm' } }],
      [8, { type: 'CLOSE' }],
    ]);
    client.send({ streamId: 't', controlFlags: 8, payload: { type: 'CLOSE' } });
    expect(client.take('t')).toEqual([]);
    expect(handlers).toEqual([
      'test.add started',
      'test.echo started',
      'test.add finished',
      'test.echo requests-closed',
      'test.echo finished',
    ]);
  });

  test('cancel-stream ends the run and buries the stream', () => {
    const { script, join, handlers } = bench();
    const client = join();
    client.open('test.echo', {});
    script({ 'cancel-stream': { stream: 's', code: 'ODD', message: 'm' } });
    client.send({ payload: { msg: 'x' } });
    expect(client.take()).toEqual([[4, { ok: false, payload: { code: 'ODD', message: 'm' } }]]);
    expect(handlers.at(-1)).toBe('test.echo finished');
  });

  test('send: own streams keep their id, numbers as asked, only next is buffered', () => {
    const { script, join, dial } = bench();
    const client = join();
    script({ send: { stream: 'mine', payload: 1 } });
    script({ send: { stream: 'mine', payload: 2, seq: 'next+5', flags: ['closed'], to: 'X' } });
    const [first, second] = client.received.slice(1);
    expect(first?.['streamId']).toBe(second?.['streamId']);
    expect(second).toMatchObject({ seq: 6, controlFlags: 8, to: 'X', payload: 2 });
    client.lose();
    script({ send: { stream: 's', payload: 3, times: 2 } });
    const again = dial();
    again.handshake();
    expect(again.received.slice(1).map(({ seq, payload }) => [seq, payload])).toEqual([
      [0, 1],
      [1, 3],
      [2, 3],
    ]);
  });

  test('send before the handshake is answered, send-raw', () => {
    const { script, join } = bench();
    expect(() => script({ send: { stream: 's', payload: 1 } })).toThrow('no connection');
    script({ handshake: 'hold' });
    const client = join();
    script({ send: { stream: 's', payload: 1 } });
    script({ 'send-raw': { json: { odd: true } } });
    expect(client.received).toEqual([expect.objectContaining({ seq: 0, to: 'client', payload: 1 }), { odd: true }]);
  });

  test('heartbeats and acks', () => {
    const { script, join, environment } = bench();
    const client = join();
    script({ acks: 'frozen' });
    script({ watchdog: 'off' });
    script({ heartbeats: 'off' });
    client.open('test.add', { n: 1 }, { flags: 10 });
    environment.advance(5000);
    script({ heartbeat: { times: 2 } });
    expect(client.received.slice(1).map(({ seq, ack, streamId }) => [seq, ack, streamId])).toEqual([
      [0, 0, 's'],
      [1, 0, 'heartbeat'],
      [2, 0, 'heartbeat'],
    ]);
    expect(client.closed).toBeUndefined();
    script({ acks: 'live' });
    script({ heartbeats: 'on' });
    environment.advance(1000);
    expect(client.received.at(-1)).toMatchObject({ streamId: 'heartbeat', seq: 3, ack: 1 });
  });

  test('gap-check off takes what is too high', () => {
    const { script, join } = bench();
    const client = join();
    script({ 'gap-check': 'off' });
    client.seq = 3;
    client.open('test.add', { n: 1 }, { flags: 10 });
    expect([client.take().length, client.closed]).toEqual([1, undefined]);
  });
});

test('close and abort keep the session; they hit the connection that was made last', () => {
  const { script, join, dial, statuses } = bench();
  const [a, b] = [join('a'), join('b')];
  script({ close: { code: 1001 } });
  expect([a.closed, b.closed, b.code]).toEqual([undefined, 'close', 1001]);
  script({ abort: true });
  expect(a.closed).toBe('abort');
  expect(statuses.filter((status) => status.startsWith('session-destroyed'))).toEqual([]);
  const again = dial('a');
  again.handshake();
  expect(again.status()).toMatchObject({ ok: true });
});

test('a stream picks its session', () => {
  const { script, join } = bench();
  script({ manual: ['test.add'] });
  const [a, b] = [join('a', 'session-a'), join('b', 'session-b')];
  a.open('test.add', { n: 1 }, { flags: 10 });
  script({ respond: { to: 's', ok: 1 } });
  script({ respond: { to: 't', ok: 2 } });
  expect([a.take('s').length, a.take('t').length, b.take('s').length, b.take('t').length]).toEqual([1, 0, 0, 1]);
});
