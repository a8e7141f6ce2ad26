import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_KEPT_BYTES } from '../common/limits.ts';
import { encodeMessage } from './codec.ts';
import type { RiverMessage } from './message.ts';
import {
  createMessage,
  expectedState,
  type MessageParts,
  newSession,
  receiveMessage,
  type SessionState,
  type Stationery,
  unacknowledged,
} from './session.ts';

const text = new TextDecoder();

function stationery(): Stationery {
  let ids = 0;
  return {
    newId: () => `m${ids++}`,
    encode: (message) => encodeMessage(message, 'json'),
  };
}

function data(payload: unknown): MessageParts {
  return { streamId: 's', controlFlags: 0, payload };
}

/** Numbers of a session as the worked example writes them. */
function books(session: SessionState): [seq: number, ack: number, buffer: number[]] {
  return [session.seq, session.ack, [...session.buffer].map((sent) => sent.seq)];
}

describe('session books', () => {
  it('follow the worked reconnect of the notes, line by line', () => {
    const paper = stationery();
    const client = newSession('session-A', 'C', 'S');
    const server = newSession('session-A', 'S', 'C');
    const from = (sender: SessionState, payload: unknown) => createMessage(sender, data(payload), paper).message;

    expect(receiveMessage(server, from(client, 'open'))).toBe('accept');
    expect([books(client), books(server)]).toEqual([
      [1, 0, [0]],
      [0, 1, []],
    ]);
    receiveMessage(server, from(client, 'a'));
    expect([books(client), books(server)]).toEqual([
      [2, 0, [0, 1]],
      [0, 2, []],
    ]);
    receiveMessage(client, from(server, 'result a'));
    expect([books(client), books(server)]).toEqual([
      [2, 1, []],
      [1, 2, [0]],
    ]);
    receiveMessage(client, from(server, 'heartbeat'));
    expect([books(client), books(server)]).toEqual([
      [2, 2, []],
      [2, 2, [0, 1]],
    ]);
    from(client, 'echo, lost');
    from(client, 'b, lost');
    from(server, 'heartbeat, lost');
    expect([books(client), books(server)]).toEqual([
      [4, 2, [2, 3]],
      [3, 2, [0, 1, 2]],
    ]);
    expect(expectedState(client)).toEqual({ nextExpectedSeq: 2, nextSentSeq: 2 });

    const replay = unacknowledged(server).map(decode);
    expect(replay.map((message) => message.ack)).toEqual([2, 2, 2]);
    expect(replay.map((message) => receiveMessage(client, message))).toEqual(['duplicate', 'duplicate', 'accept']);
    expect(books(client)).toEqual([4, 3, [2, 3]]);

    const back = [...unacknowledged(client).map(decode), from(client, 'echo of heartbeat 2')];
    expect(back.map(({ seq, ack }) => [seq, ack])).toEqual([
      [2, 2],
      [3, 2],
      [4, 3],
    ]);
    expect(books(client)).toEqual([5, 3, [2, 3, 4]]);
    const [echo, request, late] = back as [RiverMessage, RiverMessage, RiverMessage];
    receiveMessage(server, echo);
    receiveMessage(server, request);
    const result = from(server, 'result b');
    expect([result.seq, result.ack]).toEqual([3, 4]);
    receiveMessage(server, late);
    receiveMessage(client, result);
    expect([books(client), books(server)]).toEqual([
      [5, 4, [4]],
      [4, 5, [3]],
    ]);
  });

  it('refuse a gap, a duplicate and a foreign sender without changing', () => {
    const session = newSession('session-A', 'C', 'S');
    createMessage(session, data(1), stationery());
    receiveMessage(session, { from: 'S', seq: 0, ack: 0 });
    const before = books(session);
    expect(receiveMessage(session, { from: 'S', seq: 0, ack: 1 })).toBe('duplicate');
    expect(receiveMessage(session, { from: 'S', seq: 2, ack: 1 })).toBe('gap');
    expect(receiveMessage(session, { from: 'X', seq: 1, ack: 1 })).toBe('foreign');
    expect(books(session)).toEqual(before);
  });

  it('take a gap where a script says so', () => {
    const session = newSession('session-A', 'C', 'S');
    expect(receiveMessage(session, { from: 'S', seq: 7, ack: 0 }, 'take')).toBe('accept');
    expect(session.ack).toBe(8);
  });

  it('survive acks that go back or beyond what was sent', () => {
    const paper = stationery();
    const session = newSession('session-A', 'C', 'S');
    createMessage(session, data(1), paper);
    createMessage(session, data(2), paper);
    receiveMessage(session, { from: 'S', seq: 0, ack: 1 });
    receiveMessage(session, { from: 'S', seq: 1, ack: 0 });
    expect(books(session)).toEqual([2, 2, [1]]);
    receiveMessage(session, { from: 'S', seq: 2, ack: 500 });
    expect(books(session)).toEqual([2, 3, []]);
    expect(expectedState(session)).toEqual({ nextExpectedSeq: 3, nextSentSeq: 2 });
  });

  it('stay as they were when a message cannot be encoded', () => {
    const session = newSession('session-A', 'C', 'S');
    const paper = {
      newId: () => 'm',
      encode: () => {
        throw new Error('no');
      },
    };
    expect(() => createMessage(session, data(1), paper)).toThrow('no');
    expect(books(session)).toEqual([0, 0, []]);
  });

  it('send the frozen ack but keep counting', () => {
    const session = newSession('session-A', 'C', 'S');
    session.frozenAck = 0;
    receiveMessage(session, { from: 'S', seq: 0, ack: 0 });
    expect(createMessage(session, data(1), stationery()).message.ack).toBe(0);
    expect(session.ack).toBe(1);
  });

  it('deliver exactly once and in order, wherever the connection breaks', () => {
    const step = fc.record({ sender: fc.boolean(), arrives: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const paper = stationery();
        const ends = [newSession('s', 'A', 'B'), newSession('s', 'B', 'A')] as const;
        const got: [unknown[], unknown[]] = [[], []];
        const wrote: [unknown[], unknown[]] = [[], []];
        const arrive = (to: 0 | 1, message: RiverMessage) => {
          const reception = receiveMessage(ends[to], message);
          expect(reception).not.toBe('gap');
          if (reception === 'accept') got[to].push(message.payload);
        };
        let connected = true;
        const resume = () => {
          connected = true;
          for (const from of [0, 1] as const) {
            for (const sent of unacknowledged(ends[from])) arrive(from === 0 ? 1 : 0, decode(sent));
          }
        };
        steps.forEach(({ sender, arrives }, i) => {
          const [from, to] = sender ? ([0, 1] as const) : ([1, 0] as const);
          const { message } = createMessage(ends[from], data(i), paper);
          wrote[from].push(i);
          if (!arrives) connected = false;
          if (connected) arrive(to, message);
          else if (i % 3 === 0) resume();
        });
        resume();
        expect(got[1]).toEqual(wrote[0]);
        expect(got[0]).toEqual(wrote[1]);
      }),
    );
  });
});

function decode(sent: { bytes: Uint8Array }): RiverMessage {
  return JSON.parse(text.decode(sent.bytes)) as RiverMessage;
}

describe('what waits to be acknowledged', () => {
  const big = 64 * 1024 * 1024;
  const paper: Stationery = { newId: () => 'm', encode: () => new Uint8Array(big) };

  it('has a bound in bytes, beyond which no message is made', () => {
    const session = newSession('session-A', 'C', 'S');
    while (session.bufferedBytes <= MOST_KEPT_BYTES) createMessage(session, data('x'), paper);
    const before = books(session);
    expect(() => createMessage(session, data('x'), paper)).toThrow(/wait to be acknowledged/);
    expect(books(session)).toEqual(before);
    receiveMessage(session, { from: 'S', seq: 0, ack: session.seq });
    expect([session.bufferedBytes, createMessage(session, data('x'), paper).message.seq]).toEqual([0, before[0]]);
  });
});
