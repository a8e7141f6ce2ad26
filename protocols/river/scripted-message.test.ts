import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';
import { type ScriptedSend, scriptedFlags, scriptedFrame, scriptedMessages } from './scripted-message.ts';
import { createMessage, newSession, receiveMessage, type SessionState, type Stationery } from './session.ts';

function stationery(): Stationery {
  let ids = 0;
  return { newId: () => `m${ids++}`, encode: (message) => encodeMessage(message, 'json') };
}

/** A session that sent three messages and accepted two. */
function busySession(): SessionState {
  const paper = stationery();
  const session = newSession('session-A', 'me', 'you');
  for (const payload of [0, 1, 2]) createMessage(session, { streamId: 's', controlFlags: 0, payload }, paper);
  receiveMessage(session, { from: 'you', seq: 0, ack: 1 });
  receiveMessage(session, { from: 'you', seq: 1, ack: 1 });
  return session;
}

function make(session: SessionState, spec: Partial<ScriptedSend>): Record<string, unknown>[] {
  const messages = scriptedMessages(session, { payload: { n: 1 }, ...spec }, stationery(), (name) => `id of ${name}`);
  return messages.map((bytes) => decodeMessage(bytes, 'json') as Record<string, unknown>);
}

describe('scripted messages', () => {
  it('are filled in as a conforming peer would, use the number up and are buffered', () => {
    const session = busySession();
    expect(make(session, { stream: 'chat', flags: ['open', 'closed'], service: 'test', procedure: 'add' })).toEqual([
      {
        ...{ id: 'm0', from: 'me', to: 'you', seq: 3, ack: 2, streamId: 'id of chat', controlFlags: 10 },
        ...{ serviceName: 'test', procedureName: 'add', payload: { n: 1 } },
      },
    ]);
    expect([session.seq, [...session.buffer].map((sent) => sent.seq)]).toEqual([4, [1, 2, 3]]);
  });

  it.each([
    ['next', 3],
    ['same-as-last', 2],
    ['next+1', 4],
    ['last-2', 0],
    ['ack+500', 502],
    [17, 17],
  ] as const)('carry seq %s as %i', (seq, number) => {
    const session = busySession();
    expect(make(session, { seq })[0]?.['seq']).toBe(number);
    expect(session.seq).toBe(seq === 'next' ? 4 : 3);
    expect(session.buffer.length).toBe(seq === 'next' ? 3 : 2);
  });

  it('carry the ack asked for', () => {
    const ackOf = (spec: Partial<ScriptedSend>) => make(busySession(), spec)[0]?.['ack'];
    const specs = ['current', 'current-1', 'current+3', 9] as const;
    expect(specs.map((ack) => ackOf({ ack }))).toEqual([2, 1, 5, 9]);
    expect(ackOf({})).toBe(2);
  });

  it('repeat the last id and number exactly', () => {
    const session = busySession();
    expect(make(session, { seq: 'same-as-last', id: 'same-as-last' })[0]).toMatchObject({ seq: 2, id: 'm2' });
    expect(() => make(newSession('s', 'me', 'you'), { seq: 'same-as-last' })).toThrow('none was sent');
  });

  it('come several times, each with its own number and id', () => {
    expect(make(busySession(), { times: 3 }).map(({ seq, id }) => [seq, id])).toEqual([
      [3, 'm1'],
      [4, 'm2'],
      [5, 'm3'],
    ]);
  });

  it('leave out and lay over what is asked for', () => {
    const [message] = make(busySession(), {
      payload: { $undefined: true },
      service: null,
      envelope: { tracing: { traceparent: 'x' }, streamId: { $undefined: true }, seq: 'three' },
    });
    expect(message).toEqual({
      ...{ id: 'm1', from: 'me', to: 'you', seq: 'three', ack: 2, controlFlags: 0, serviceName: null },
      tracing: { traceparent: 'x' },
    });
  });

  it('take flags by name and number', () => {
    expect([scriptedFlags(undefined), scriptedFlags(26), scriptedFlags(['ack', 'cancel'])]).toEqual([0, 26, 5]);
  });
});

describe('scripted frames', () => {
  const encode = (value: unknown) => encodeMessage(value, 'json');

  it('are bytes, text or a bare value', () => {
    expect(scriptedFrame({ hex: 'c1 00' }, encode)).toEqual({
      kind: 'message',
      class: 'data',
      text: false,
      data: new Uint8Array([0xc1, 0]),
    });
    expect(scriptedFrame({ text: 'hi' }, encode)).toEqual({
      kind: 'message',
      class: 'data',
      text: true,
      data: new Uint8Array([0x68, 0x69]),
    });
    expect(new TextDecoder().decode(scriptedFrame({ json: { a: 1 } }, encode).data)).toBe('{"a":1}');
    expect(() => scriptedFrame({}, encode)).toThrow('hex, text, json');
  });
});
