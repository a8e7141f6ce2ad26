import { describe, expect, it } from 'vitest';
import { accept, bench, connected, requestOn, response } from './testing/stand-in-server.ts';

const disconnect = { error: { code: 'UNEXPECTED_DISCONNECT', message: 'S unexpectedly disconnected' } };

describe('handshake', () => {
  it('is the first message, 0/0/0, without metadata or tracing where there is none', () => {
    const made = bench();
    made.connect();
    made.environment.advance(0);
    const link = made.link(0);
    expect(link.sent).toEqual([]);
    link.open();
    expect(link.sent).toEqual([
      {
        ...{ id: expect.any(String), from: 'C', to: 'S', seq: 0, ack: 0, streamId: expect.any(String), controlFlags: 0 },
        payload: {
          type: 'HANDSHAKE_REQ',
          protocolVersion: 'v2.0',
          sessionId: expect.stringMatching(/^session-\w{12}$/),
          expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 0 },
        },
      },
    ]);
  });

  it('sends calls only after the ok, in order', () => {
    const made = bench('msgpack');
    made.connect({ eager: false });
    expect([made.links.length, made.environment.pending()]).toEqual([0, 0]);
    made.invoke('a', 'rpc', { value: { $bytes: 'AP8=' } });
    made.invoke('b', 'stream');
    made.environment.advance(0);
    const link = made.link(0);
    link.open();
    expect(link.sent.length).toBe(1);
    link.deliver(response({ ok: true, sessionId: requestOn(link)['sessionId'] }));
    expect(link.sent.slice(1).map(({ seq, controlFlags, payload }) => [seq, controlFlags, payload])).toEqual([
      [0, 10, new Uint8Array([0, 255])],
      [1, 2, {}],
    ]);
    expect(made.statuses).toEqual(['session-created', 'connected']);
  });

  it('carries fresh metadata each time, the last value repeating', () => {
    const made = bench();
    made.connect({ metadata: [{ token: 'a' }, { $bigint: '7' }] });
    made.environment.advance(0);
    for (let n = 0; n < 3; n += 1) {
      accept(made.link(n));
      made.link(n).lose();
      made.environment.advance(1000);
    }
    expect([0, 1, 2].map((n) => requestOn(made.link(n))['metadata'])).toEqual([{ token: 'a' }, 7n, 7n]);
  });

  it('is not sent when the metadata constructor fails; the connection is closed and calls are told', () => {
    const made = bench();
    made.connect({ metadata: [{ $throw: 'no token' }], eager: false });
    made.invoke('a', 'rpc');
    made.environment.advance(0);
    made.link(0).open();
    expect([made.link(0).sent.length, made.link(0).ended(), made.link(0).closeCode()]).toEqual([0, 'close', 1000]);
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    made.environment.advance(60_000);
    expect(made.links.length).toBe(1);
  });

  it('gives up on a fatal code, and the next call starts over', () => {
    const made = bench();
    made.connect({ eager: false });
    made.invoke('a', 'rpc');
    made.environment.advance(0);
    made.link(0).open();
    made.link(0).deliver(response({ ok: false, code: 'REJECTED_BY_CUSTOM_HANDLER', reason: 'no' }));
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    expect(made.statuses).toEqual(['session-created', 'session-destroyed', 'handshake-failed REJECTED_BY_CUSTOM_HANDLER']);
    expect(made.link(0).ended()).toBe('close');
    made.environment.advance(60_000);
    expect(made.links.length).toBe(1);
    made.invoke('b', 'rpc');
    made.environment.advance(1000);
    accept(made.link(1));
    expect(made.link(1).sent.map((message) => message.controlFlags)).toEqual([0, 10]);
    expect(requestOn(made.link(1))['sessionId']).not.toBe(requestOn(made.link(0))['sessionId']);
  });

  it('starts a new session after SESSION_STATE_MISMATCH, without the old messages', () => {
    const { bench: made, link } = connected();
    made.invoke('a', 'stream');
    link.lose();
    made.environment.advance(400);
    made.link(1).open();
    expect(requestOn(made.link(1))['expectedSessionState']).toEqual({ nextExpectedSeq: 0, nextSentSeq: 0 });
    made.link(1).deliver(response({ ok: false, code: 'SESSION_STATE_MISMATCH', reason: 'lost' }));
    expect(made.read).toEqual([
      ['a', disconnect],
      ['a', 'end'],
    ]);
    expect(made.link(1).ended()).toBe('close');
    made.environment.advance(1000);
    const fresh = accept(made.link(2));
    expect(fresh).not.toBe(requestOn(link)['sessionId']);
    expect(made.link(2).sent.length).toBe(1);
    void made.client.send({ call: 'a', value: {} });
    void made.client.cancel({ call: 'a' });
    made.invoke('b', 'rpc');
    expect(
      made
        .link(2)
        .sent.slice(1)
        .map(({ seq, controlFlags }) => [seq, controlFlags]),
    ).toEqual([[0, 10]]);
  });

  it.each([
    ['another session', response({ ok: true, sessionId: 'session-foreign' })],
    ['an unknown code', response({ ok: false, code: 'WHATEVER', reason: 'x' })],
    ['another payload', { ...response({}), payload: { type: 'ACK' } }],
    ['no envelope', { payload: 1 }],
  ])('destroys the session on %s and stays idle', (_what, answer) => {
    const made = bench();
    made.connect();
    made.environment.advance(0);
    made.link(0).open();
    made.link(0).deliver(answer);
    expect(made.statuses).toEqual(['session-created', 'session-destroyed']);
    expect(made.link(0).ended()).toBe('close');
    expect(made.environment.pending()).toBe(0);
  });

  it('treats a text frame and undecodable bytes as no answer at all', () => {
    for (const frame of [
      { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode('{}') },
      { kind: 'message', class: 'data', text: false, data: new Uint8Array([0xc1]) },
    ] as const) {
      const made = bench();
      made.connect();
      made.environment.advance(0);
      made.link(0).open();
      made.link(0).deliverFrame(frame);
      expect([made.link(0).ended(), made.statuses.at(-1)]).toEqual(['close', 'session-destroyed']);
    }
  });

  it('is given up after the handshake timeout, the same session trying again', () => {
    const made = bench('json', () => 0);
    made.connect();
    made.environment.advance(0);
    made.link(0).open();
    made.environment.advance(999);
    expect(made.link(0).ended()).toBeUndefined();
    made.environment.advance(1);
    expect(made.link(0).ended()).toBe('close');
    made.environment.advance(150);
    made.link(1).open();
    expect(requestOn(made.link(1))['sessionId']).toBe(requestOn(made.link(0))['sessionId']);
    made.link(0).deliver(response({ ok: true, sessionId: requestOn(made.link(0))['sessionId'] }));
    expect(made.statuses).toEqual(['session-created']);
  });

  it('leaves the session when the connection is lost before the answer', () => {
    const made = bench('json', () => 0);
    made.connect();
    made.environment.advance(0);
    made.link(0).open();
    made.link(0).lose(1000);
    made.environment.advance(150);
    made.link(1).open();
    expect(requestOn(made.link(1))['sessionId']).toBe(requestOn(made.link(0))['sessionId']);
  });

  it('with unencodable metadata costs the session only', () => {
    const made = bench('msgpack');
    let nested: unknown = 1;
    for (let depth = 0; depth < 200; depth += 1) nested = [nested];
    made.connect({ metadata: [nested] });
    made.environment.advance(0);
    made.link(0).open();
    expect([made.link(0).sent.length, made.link(0).ended(), made.statuses.at(-1)]).toEqual([0, 'close', 'session-destroyed']);
  });

  it('and opens carry the tracing context given', () => {
    const tracing = { traceparent: 'tp', tracestate: '' };
    const made = bench();
    made.connect({ options: { tracing } });
    made.environment.advance(0);
    accept(made.link(0));
    made.invoke('a', 'stream');
    void made.client.send({ call: 'a', value: {} });
    expect(made.link(0).sent.map((message) => message.tracing)).toEqual([tracing, tracing, undefined]);
  });
});
