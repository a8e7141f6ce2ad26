import { describe, expect, it } from 'vitest';
import { NO_CODE } from '../../protocols/common/environment.ts';
import { accept, bench, connected, requestOn, response, StandInServer } from './testing/stand-in-server.ts';

const flagsAndSeq = (link: { sent: readonly { seq: number; controlFlags: number }[] }) =>
  link.sent.slice(1).map(({ seq, controlFlags }) => [seq, controlFlags]);

describe('scripted messages', () => {
  it('go out on the live connection, on the stream of a call or a new one', () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'stream');
    made.script({ send: { stream: 'a', payload: { n: 1 } } });
    made.script({ send: { stream: 'own', payload: 1, flags: ['closed'], seq: 'same-as-last', times: 2 } });
    const [open, first, second] = link.sent.slice(1);
    expect(first?.streamId).toBe(open?.streamId);
    expect(second?.streamId).toBe(made.client.streamId?.('own'));
    expect(flagsAndSeq(link)).toEqual([
      [0, 2],
      [1, 0],
      [1, 8],
      [1, 8],
    ]);
  });

  it('open streams by hand, known by name afterwards, with responses going to nobody', () => {
    const { bench: made, server, link } = connected();
    made.script({ open: { stream: 'own', procedure: 'test.echo', init: { a: { $bigint: '1' } } } });
    made.script({ open: { stream: 'two', procedure: 'test.constructor', flags: ['open', 'closed'] } });
    const streamId = made.client.streamId?.('own') ?? '';
    expect(link.sent.slice(1)).toMatchObject([
      { seq: 0, controlFlags: 2, streamId, serviceName: 'test', procedureName: 'echo', payload: { a: 1n } },
      { seq: 1, controlFlags: 10, procedureName: 'constructor', payload: {} },
    ]);
    server.result(link, streamId, 1);
    expect([made.read, link.ended()]).toEqual([[], undefined]);
  });

  it('wait for the handshake where there is no connection yet: buffered ones once, others after them', () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ open: { stream: 'own', procedure: 'test.echo' } });
    made.script({ send: { stream: 'own', payload: 1, seq: 7 } });
    made.environment.advance(0);
    const link = made.link(0);
    link.open();
    expect(link.sent.length).toBe(1);
    link.deliver(response({ ok: true, sessionId: requestOn(link)['sessionId'] }));
    expect(flagsAndSeq(link)).toEqual([
      [0, 2],
      [7, 0],
    ]);
  });

  it('can be raw frames and heartbeats', () => {
    const { bench: made, link } = connected();
    made.script({ 'send-raw': { hex: 'c1' } });
    made.script({ heartbeat: { times: 2 } });
    expect(link.sent.slice(1)).toMatchObject([
      { undecodable: expect.any(String) },
      { seq: 0, streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } },
      { seq: 1, controlFlags: 1 },
    ]);
  });

  it('are carried out by the client that is named', () => {
    const made = bench();
    made.connect({ client: 'other' });
    made.environment.advance(0);
    accept(made.link(0));
    made.script({ on: 'other', heartbeat: {} });
    expect(made.link(0).sent.length).toBe(2);
    expect(() => made.script({ heartbeat: {} })).toThrow('no client "main"');
    expect(() => made.script({ on: 'other', nonsense: 1 })).toThrow();
  });
});

describe('scripted habits', () => {
  it('heartbeats: off answers none, on answers again', () => {
    const { bench: made, server, link } = connected();
    made.script({ heartbeats: 'off' });
    server.heartbeat(link);
    expect(link.sent.length).toBe(1);
    made.script({ heartbeats: 'on' });
    server.heartbeat(link);
    expect(link.sent[1]).toMatchObject({ seq: 0, ack: 2 });
  });

  it('watchdog: off sits silence out', () => {
    const { bench: made, link } = connected();
    made.script({ watchdog: 'off' });
    made.environment.advance(20_000);
    expect(link.ended()).toBeUndefined();
  });

  it('acks: frozen keeps sending the present ack, live tells the truth again', () => {
    const { bench: made, server, link } = connected();
    server.heartbeat(link);
    made.script({ acks: 'frozen' });
    server.heartbeat(link);
    made.script({ acks: 'live' });
    server.heartbeat(link);
    expect(link.sent.slice(1).map((message) => message.ack)).toEqual([1, 1, 3]);
  });

  it('gap-check: off takes what is ahead', () => {
    const { bench: made, server, link } = connected();
    made.script({ 'gap-check': 'off' });
    server.session.seq = 5;
    server.heartbeat(link);
    expect([link.ended(), link.sent[1]?.ack]).toEqual([undefined, 6]);
  });

  it('replay: off resumes without the buffer', () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'rpc');
    made.script({ replay: 'off' });
    link.lose();
    made.environment.advance(400);
    accept(made.link(1));
    expect(made.link(1).sent.length).toBe(1);
  });

  it('reconnect: off neither dials nor gives the session up; on takes up where it stood', () => {
    const { bench: made, link } = connected();
    made.script({ reconnect: 'off' });
    link.lose();
    made.environment.advance(60_000);
    expect([made.links.length, made.statuses.at(-1)]).toEqual([1, 'disconnected']);
    made.script({ reconnect: 'on' });
    made.environment.advance(400);
    expect(accept(made.link(1))).toBe(requestOn(link)['sessionId']);
  });

  it('reconnect: off stops an attempt that waits', () => {
    const { bench: made, link } = connected();
    link.lose();
    made.script({ reconnect: 'off' });
    made.environment.advance(60_000);
    expect([made.links.length, made.environment.pending()]).toEqual([1, 0]);
  });

  it('rehandshake: answers as told', () => {
    const { bench: made, server, link } = connected({ metadata: [1] });
    const ask = () => server.send(link, { streamId: 'rehandshake', controlFlags: 0, payload: { type: 'REHANDSHAKE_REQ' } });
    made.script({ rehandshake: 'silent' });
    ask();
    made.script({ rehandshake: { payload: { type: 'X' } } });
    ask();
    made.script({ rehandshake: { metadata: { token: 'bad' } } });
    ask();
    made.script({ rehandshake: 'normal' });
    ask();
    expect(link.sent.slice(1).map((message) => message.payload)).toEqual([
      { type: 'X' },
      { type: 'REHANDSHAKE_RESP', metadata: { token: 'bad' } },
      { type: 'REHANDSHAKE_RESP', metadata: 1 },
    ]);
  });
});

describe('scripted connections', () => {
  it('close and abort keep the session, and are followed by a resume', () => {
    const { bench: made, link } = connected();
    made.script({ close: { code: 1001, reason: 'bye' } });
    expect([link.ended(), link.closeCode()]).toEqual(['close', 1001]);
    made.environment.advance(400);
    accept(made.link(1));
    made.script({ abort: true });
    expect(made.link(1).ended()).toBe('abort');
    made.environment.advance(700);
    expect(accept(made.link(2))).toBe(requestOn(link)['sessionId']);
    made.script({ close: {} });
    expect([made.link(2).ended(), made.link(2).closeCode()]).toEqual(['close', 1000]);
    expect(() => made.script({ close: {} })).toThrow('no connection to end');
  });

  it('a close can be without a code', () => {
    const { bench: made, link } = connected();
    made.script({ close: { code: 'none' } });
    expect([link.ended(), link.closeCode()]).toEqual(['close', NO_CODE]);
  });

  it('connect raw says nothing, sends what it is told and records answers only', () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ connect: 'raw' });
    made.script({ 'send-raw': { hex: 'c1' } });
    made.link(0).open();
    expect(made.link(0).sent.length).toBe(1);
    made.link(0).deliver({ junk: 1 });
    made.environment.advance(60_000);
    expect([made.link(0).ended(), made.statuses]).toEqual([undefined, ['session-created']]);
    made.link(0).lose();
    made.environment.advance(60_000);
    expect(made.links.length).toBe(1);
  });

  it('a handshake on it makes its session the client’s, buffer replayed, and lives on', () => {
    const made = bench();
    made.connect({ eager: false, metadata: [{ token: 'a' }] });
    made.script({ connect: 'raw' });
    made.link(0).open();
    made.script({ send: { 'stream-id': 'heartbeat', flags: ['ack'], payload: { type: 'ACK' } } });
    made.script({ handshake: {} });
    const [, request] = made.link(0).sent;
    expect(request?.payload).toMatchObject({ expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 }, metadata: { token: 'a' } });
    const sessionId = (request?.payload as { sessionId: string } | undefined)?.sessionId ?? '';
    made.link(0).deliver(response({ ok: true, sessionId }));
    expect(made.statuses).toEqual(['session-created', 'connected']);
    expect(made.link(0).sent[2]).toMatchObject({ seq: 0, streamId: 'heartbeat' });
    new StandInServer(sessionId).heartbeat(made.link(0));
    expect(made.link(0).sent[3]).toMatchObject({ seq: 1, ack: 1 });
    made.link(0).lose();
    made.environment.advance(1000);
    expect(accept(made.link(1))).toBe(sessionId);
  });

  it('a handshake can be anything: version, numbers, session, metadata, payload, envelope', () => {
    const { bench: made, server, link } = connected();
    server.heartbeat(link);
    made.script({ connect: 'raw' });
    const raw = made.link(1);
    raw.open();
    made.script({
      handshake: { version: 'v9', 'next-expected-seq': 'true+1', 'next-sent-seq': { $undefined: true }, metadata: null },
    });
    made.script({ handshake: { payload: { type: 'X' }, envelope: { seq: 4, tracing: null } } });
    made.script({ handshake: { session: 'new' } });
    made.script({ handshake: { session: 'literal', 'next-sent-seq': 3 } });
    expect(raw.sent[0]?.payload).toEqual({
      ...{ type: 'HANDSHAKE_REQ', protocolVersion: 'v9', sessionId: requestOn(link)['sessionId'] },
      ...{ expectedSessionState: { nextExpectedSeq: 2 }, metadata: null },
    });
    expect(raw.sent[1]).toMatchObject({ undecodable: expect.any(String) });
    expect(raw.sent[2]?.payload).toMatchObject({ expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 } });
    expect(raw.sent[3]?.payload).toMatchObject({ sessionId: 'literal', expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 3 } });
  });

  it('a refused handshake changes nothing, an accepted one for another session ends the old', () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'rpc');
    made.script({ connect: 'raw' });
    const raw = made.link(1);
    raw.open();
    expect(link.ended()).toBeUndefined();
    made.script({ handshake: { session: 'other', 'next-sent-seq': 3 } });
    raw.deliver(response({ ok: false, code: 'SESSION_STATE_MISMATCH', reason: 'x' }));
    expect(made.read).toEqual([]);
    made.script({ handshake: { session: 'other' } });
    raw.deliver(response({ ok: true, sessionId: 'other' }));
    expect(made.read.length).toBe(2);
    made.invoke('b', 'rpc');
    expect(raw.sent.at(-1)).toMatchObject({ seq: 0, controlFlags: 10 });
  });

  it('the previous connection stays up, unheard, and can be written on', () => {
    const { bench: made, link } = connected();
    expect(() => made.script({ send: { payload: 1, connection: 'previous' } })).toThrow('no previous connection');
    made.script({ connect: 'raw' });
    made.link(1).open();
    made.script({ handshake: {} });
    made.link(1).deliver(response({ ok: true, sessionId: requestOn(link)['sessionId'] }));
    made.script({ send: { payload: 'stale', seq: 9, connection: 'previous' } });
    expect(link.sent.at(-1)).toMatchObject({ seq: 9, payload: 'stale' });
    link.deliver({ junk: 1 });
    link.lose();
    expect([made.statuses.at(-1), made.link(1).ended(), made.links.length]).toEqual(['connected', undefined, 2]);
  });

  it('connect normal leaves a raw connection for a proper one', () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ connect: 'raw' });
    made.link(0).open();
    made.script({ connect: 'normal' });
    made.environment.advance(0);
    accept(made.link(1));
    expect(made.statuses.at(-1)).toBe('connected');
    made.script({ connect: 'normal' });
    made.environment.advance(500);
    expect(made.links.length).toBe(2);
  });

  it('close and abort end a raw connection too, without another', () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ connect: 'raw' });
    made.link(0).open();
    made.script({ abort: true });
    made.environment.advance(60_000);
    expect([made.link(0).ended(), made.links.length]).toEqual(['abort', 1]);
  });

  it('a call dials where a raw connection came to nothing', () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ connect: 'raw' });
    made.link(0).open();
    made.invoke('a', 'rpc');
    made.link(0).lose();
    made.environment.advance(60_000);
    expect(made.links.length).toBe(1);
    made.invoke('b', 'rpc');
    made.environment.advance(0);
    accept(made.link(1));
    expect(flagsAndSeq(made.link(1))).toEqual([
      [0, 10],
      [1, 10],
    ]);
  });

  it('a disconnect ends a raw connection as well', async () => {
    const made = bench();
    made.connect({ eager: false });
    made.script({ connect: 'raw' });
    made.link(0).open();
    await made.client.disconnect({ client: 'main' });
    expect([made.link(0).ended(), made.environment.pending()]).toEqual(['close', 0]);
  });
});
