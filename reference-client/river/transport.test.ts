import { describe, expect, it } from 'vitest';
import { accept, bench, connected, requestOn, response } from './testing/stand-in-server.ts';

const disconnect = { error: { code: 'UNEXPECTED_DISCONNECT', message: 'S unexpectedly disconnected' } };

describe('a resume', () => {
  it('sends the unacknowledged messages again, unchanged, before anything newer, and shows callers nothing', () => {
    const { bench: made, server, link } = connected();
    made.invoke('chat', 'stream');
    void made.client.send({ call: 'chat', value: { msg: 'a' } });
    const chat = link.sent[1]?.streamId ?? '';
    server.take(link);
    server.result(link, chat, 'A');
    void made.client.send({ call: 'chat', value: { msg: 'lost' } });
    link.lose(1000);
    void made.client.send({ call: 'chat', value: { msg: 'during' } });
    made.environment.advance(400);
    const second = made.link(1);
    const sessionId = accept(second);
    expect(sessionId).toBe(requestOn(link)['sessionId']);
    expect(requestOn(second)['expectedSessionState']).toEqual({ nextExpectedSeq: 1, nextSentSeq: 2 });
    expect(second.sent[1]).toEqual(link.sent[3]);
    expect(second.sent.slice(1).map(({ seq, ack, payload }) => [seq, ack, payload])).toEqual([
      [2, 1, { msg: 'lost' }],
      [3, 1, { msg: 'during' }],
    ]);
    expect(server.take(second)).toEqual(['accept', 'accept']);
    server.result(second, chat, 'B');
    expect(made.read).toEqual([
      ['chat', 'A'],
      ['chat', 'B'],
    ]);
    expect(made.statuses).toEqual(['session-created', 'connected', 'disconnected', 'connected']);
  });

  it('does not deliver twice what the server sends again', () => {
    const { bench: made, server, link } = connected();
    made.invoke('chat', 'stream');
    const chat = link.sent[1]?.streamId ?? '';
    server.result(link, chat, 1);
    link.lose();
    made.environment.advance(400);
    accept(made.link(1));
    const again = { id: 's0', from: 'S', to: 'C', seq: 0, ack: 0, streamId: chat, controlFlags: 0, payload: { ok: true, payload: 1 } };
    made.link(1).deliver(again);
    server.result(made.link(1), chat, 2);
    expect(made.read).toEqual([
      ['chat', 1],
      ['chat', 2],
    ]);
    expect(made.link(1).ended()).toBeUndefined();
  });

  it('is not tried where transparent reconnects are off: a new session dials instead', () => {
    const { bench: made, link } = connected({ options: { transparentReconnects: false } });
    made.invoke('a', 'rpc');
    link.lose();
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    made.environment.advance(400);
    expect(accept(made.link(1))).not.toBe(requestOn(link)['sessionId']);
    expect(made.link(1).sent.length).toBe(1);
  });

  it('ignores whatever a link that was given up still does', () => {
    const { bench: made, link } = connected();
    made.environment.advance(2000);
    expect(link.ended()).toBe('abort');
    made.environment.advance(400);
    accept(made.link(1));
    link.deliver({ junk: true });
    link.lose();
    expect(made.statuses).toEqual(['session-created', 'connected', 'disconnected', 'connected']);
    expect(made.links.length).toBe(2);
  });
});

describe('the grace period', () => {
  it('runs from the loss and is not extended by attempts', () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'stream');
    made.environment.advance(1500);
    link.lose();
    made.environment.advance(400);
    made.link(1).lose();
    made.environment.advance(4599);
    expect(made.read).toEqual([]);
    made.environment.advance(1);
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    const dials = made.links.length;
    made.environment.advance(60_000);
    expect(made.links.length).toBe(dials);
    expect(made.environment.pending()).toBe(0);
  });

  it('runs from creation for a session that never connected', () => {
    const made = bench();
    made.connect({ eager: false, timers: { sessionDisconnectGraceMs: 700 } });
    made.invoke('a', 'rpc');
    made.environment.advance(0);
    made.environment.advance(699);
    expect(made.read).toEqual([]);
    made.environment.advance(1);
    expect(made.read.length).toBe(2);
    expect(made.link(0).ended()).toBe('abort');
  });

  it('is cancelled by a resume and starts in full with the next loss', () => {
    const { bench: made, link } = connected({ timers: { heartbeatsUntilDead: 100, connectionTimeoutMs: 10_000 } });
    link.lose();
    made.environment.advance(4000);
    accept(made.link(1));
    made.environment.advance(4000);
    made.link(1).lose();
    made.environment.advance(4999);
    expect(made.statuses).not.toContain('session-destroyed');
    made.environment.advance(1);
    expect(made.statuses).toContain('session-destroyed');
  });
});

describe('dialling', () => {
  it('starts at once, then backs off, until the budget is gone; calls end with the grace period', () => {
    const made = bench('json', () => 0);
    made.connect({ eager: false });
    made.invoke('a', 'rpc');
    const times: number[] = [];
    for (let ms = 0; ms < 5000; ms += 1) {
      if (made.links.length > times.length) {
        times.push(made.environment.now());
        made.links.at(-1)?.lose();
      }
      made.environment.advance(ms === 0 ? 0 : 1);
    }
    expect(times).toEqual([0, 150, 450, 1050, 2250]);
    expect(made.statuses).toEqual(['session-created', 'retry-exceeded']);
    made.environment.advance(10);
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    made.invoke('b', 'rpc');
    expect(made.statuses.slice(2)).toEqual(['session-destroyed', 'session-created', 'retry-exceeded']);
    made.environment.advance(5000);
    expect(made.read.length).toBe(4);
    expect(made.links.length).toBe(5);
  });

  it('gives an attempt up after the connection timeout; a socket that opens later stays unused', () => {
    const made = bench('json', () => 0);
    made.connect();
    made.environment.advance(0);
    made.environment.advance(1999);
    expect(made.link(0).ended()).toBeUndefined();
    made.environment.advance(1);
    expect(made.link(0).ended()).toBe('abort');
    made.link(0).open();
    expect(made.link(0).sent).toEqual([]);
    made.environment.advance(150);
    expect(made.links.length).toBe(2);
  });

  it('is shared by concurrent requests and calls', () => {
    const made = bench();
    made.connect();
    made.connect();
    made.invoke('a', 'rpc');
    made.environment.advance(100);
    expect(made.links.length).toBe(1);
  });

  it('waits after a resume no less than the first step of the back-off', () => {
    const { bench: made, link } = connected();
    made.environment.advance(1900);
    link.lose();
    made.environment.advance(149);
    expect(made.links.length).toBe(1);
    made.environment.advance(201);
    expect(made.links.length).toBe(2);
  });

  it('is not started by calls where connectOnInvoke is off', () => {
    const made = bench();
    made.connect({ eager: false, options: { connectOnInvoke: false } });
    made.invoke('a', 'rpc');
    made.environment.advance(5000);
    expect([made.links.length, made.read.length]).toEqual([0, 2]);
  });

  it('belongs to each client alone', () => {
    const made = bench();
    made.connect({ client: 'one', clientId: 'C1' });
    made.connect({ client: 'two', clientId: 'C2' });
    made.environment.advance(0);
    accept(made.link(0));
    accept(made.link(1));
    made.invoke('a', 'rpc', { at: 'two' });
    expect(made.links.map((link) => link.sent.map((message) => message.from))).toEqual([['C1'], ['C2', 'C2']]);
    made.link(0).lose();
    expect(made.link(1).ended()).toBeUndefined();
  });
});

describe('an established session', () => {
  it('answers each accepted heartbeat with one of its own, and starts none', () => {
    const { server, link } = connected();
    server.heartbeat(link);
    server.heartbeat(link);
    expect(link.sent.slice(1)).toEqual(
      [0, 1].map((n) => ({
        ...{ id: expect.any(String), from: 'C', to: 'S', seq: n, ack: n + 1, streamId: 'heartbeat', controlFlags: 1 },
        payload: { type: 'ACK' },
      })),
    );
  });

  it('is given up for silence after two intervals, counted from the last accepted message', () => {
    const { bench: made, server, link } = connected();
    made.environment.advance(1500);
    server.heartbeat(link);
    made.environment.advance(1500);
    link.deliver({ id: 'x', from: 'S', to: 'C', seq: 0, ack: 0, streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
    made.environment.advance(999);
    expect(link.ended()).toBeUndefined();
    made.environment.advance(1);
    expect(link.ended()).toBe('abort');
    made.environment.advance(400);
    expect(made.links.length).toBe(2);
  });

  it('closes the connection on a gap, keeps the session and takes nothing of it', () => {
    const { bench: made, server, link } = connected();
    made.invoke('a', 'rpc');
    server.session.seq = 1;
    server.result(link, link.sent[1]?.streamId ?? '', 1, 8);
    expect([link.ended(), link.closeCode(), made.read]).toEqual(['close', 1000, []]);
    made.environment.advance(400);
    expect(accept(made.link(1))).toBe(requestOn(link)['sessionId']);
  });

  it.each([
    ['an envelope without payload', { id: 'x', from: 'S', to: 'C', seq: 0, ack: 0, streamId: 's', controlFlags: 0 }],
    ['a foreign sender', { id: 'x', from: 'E', to: 'C', seq: 0, ack: 0, streamId: 's', controlFlags: 0, payload: 1 }],
    ['a foreign heartbeat', { id: 'x', from: 'E', to: 'C', seq: 0, ack: 0, streamId: 'heartbeat', controlFlags: 1, payload: 1 }],
  ])('is destroyed by %s, without dialling again', (_what, message) => {
    const { bench: made, link } = connected();
    made.invoke('a', 'rpc');
    link.deliver(message);
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    expect([link.ended(), made.environment.pending()]).toEqual(['close', 0]);
  });

  it('counts messages addressed to others or to no stream, and drops them', () => {
    const { bench: made, server, link } = connected();
    made.invoke('a', 'rpc');
    const stream = link.sent[1]?.streamId ?? '';
    link.deliver({ id: 'x', from: 'S', to: 'D', seq: 0, ack: 0, streamId: stream, controlFlags: 8, payload: { ok: true, payload: 0 } });
    server.session.seq = 1;
    server.result(link, 'nobody', 1, 8);
    server.result(link, stream, 2, 8);
    expect(made.read).toEqual([
      ['a', 2],
      ['a', 'end'],
    ]);
  });

  it('dies of a value that the codec cannot carry, and the next call works on a new one', () => {
    const made = bench('msgpack');
    made.connect();
    made.environment.advance(0);
    accept(made.link(0));
    let nested: unknown = 1;
    for (let depth = 0; depth < 200; depth += 1) nested = [nested];
    made.invoke('a', 'stream');
    made.invoke('b', 'rpc', { value: nested });
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
      ['b', disconnect],
      ['b', 'end'],
    ]);
    made.invoke('c', 'rpc');
    made.environment.advance(1000);
    accept(made.link(1));
    expect(made.link(1).sent.length).toBe(2);
  });
});

describe('re-handshakes', () => {
  const ask = { streamId: 'rehandshake', controlFlags: 0, payload: { type: 'REHANDSHAKE_REQ' } };

  it('are answered with newly made metadata as an ordinary message', () => {
    const { server, link } = connected({ metadata: [{ token: 1 }, { token: 2 }] });
    server.send(link, ask);
    expect(link.sent[1]).toMatchObject({
      ...{ seq: 0, ack: 1, streamId: 'rehandshake', controlFlags: 0 },
      payload: { type: 'REHANDSHAKE_RESP', metadata: { token: 2 } },
    });
  });

  it.each([
    ['there is no constructor', [], ask],
    ['the constructor fails', [1, { $throw: 'no' }], ask],
    ['the request is malformed', [1], { ...ask, payload: { type: 'OTHER' } }],
  ])('are not answered where %s, and surface nowhere', (_what, metadata, request) => {
    const { bench: made, server, link } = connected({ metadata });
    server.send(link, request);
    expect([link.sent.length, link.ended(), made.read]).toEqual([1, undefined, []]);
  });
});

describe('disconnecting', () => {
  it('closes with 1000, tells pending calls and leaves no timer', async () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'stream');
    await made.client.disconnect({ client: 'main' });
    await made.client.disconnect({ client: 'main' });
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    expect([link.ended(), link.closeCode(), made.environment.pending()]).toEqual(['close', 1000, 0]);
    expect(made.statuses).toEqual(['session-created', 'connected', 'session-destroyed', 'closed']);
  });

  it.each(['rpc', 'stream', 'upload', 'subscription'])('makes a later %s fail at once without traffic', async (kind) => {
    const { bench: made, link } = connected();
    await made.client.disconnect({ client: 'main' });
    made.invoke('late', kind);
    await made.client.cancel({ call: 'late' });
    await made.client.finish({ call: 'late' });
    const error = { code: 'UNEXPECTED_DISCONNECT', message: 'transport is closed' };
    expect(made.read).toEqual([
      ['late', { error }],
      ['late', 'end'],
    ]);
    expect([link.sent.length, made.links.length, made.environment.pending()]).toEqual([1, 1, 0]);
  });

  it('stops an attempt under way', async () => {
    const made = bench();
    made.connect();
    made.environment.advance(0);
    await made.client.disconnect({ client: 'main' });
    expect([made.link(0).ended(), made.environment.pending()]).toEqual(['abort', 0]);
  });

  it('frees the handle for a new client', async () => {
    const { bench: made } = connected();
    await made.client.disconnect({ client: 'main' });
    made.connect();
    made.environment.advance(0);
    made.link(1).open();
    made.link(1).deliver(response({ ok: true, sessionId: requestOn(made.link(1))['sessionId'] }));
    expect(made.statuses.at(-1)).toBe('connected');
  });

  it('and other words about unknown handles are refused with their names', async () => {
    const made = bench();
    await expect(made.client.disconnect({ client: 'x' })).rejects.toThrow('no client "x"');
    await expect(made.client.cancel({ call: 'y' })).rejects.toThrow('no call "y"');
    made.connect();
    const call = { at: 'main', call: 'a', service: 's', procedure: 'p', kind: 'rpc', value: {} };
    await made.client.invoke(call);
    await expect(made.client.invoke(call)).rejects.toThrow('"a" exists');
    await expect(made.client.invoke({ ...call, call: 'b', kind: 'odd' })).rejects.toThrow('unknown procedure kind "odd"');
  });
});
