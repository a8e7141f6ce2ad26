import type { TraceEvent } from '../../common/trace.ts';
import { CLOSED, HEARTBEAT_STREAM, OPEN, type RiverMessage } from '../message.ts';
import { scene } from './testing.ts';

/** Conforming traces of sessions that lose connections, end and begin. */
export const conformingSessions: Readonly<Record<string, () => readonly TraceEvent<RiverMessage>[]>> = {
  // Notes, section 7.1, step by step.
  'the worked reconnect': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.say('client', { streamId: 'k', payload: { msg: 'a' } });
    ann.result('k');
    s.wait(1000);
    ann.heartbeat();
    ann.echo({ lost: true });
    ann.say('client', { streamId: 'k', payload: { msg: 'b' } }, { lost: true });
    s.wait(1000);
    ann.heartbeat({ lost: true });
    ann.closed();
    s.wait(150);
    ann.connect();
    for (const seq of [0, 1, 2]) ann.again('server', seq);
    for (const seq of [2, 3]) ann.again('client', seq);
    ann.echo();
    ann.result('k');
    return s.events;
  },
  'a delivery that the dying connection swallowed': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('r', 's.rpc');
    ann.result('r', 8);
    ann.heartbeat();
    ann.closed('proxy', 'rst');
    s.wait(200);
    // The proxy passed seq 0 and 1 on, the client read neither.
    ann.connect({ nextExpectedSeq: 0, nextSentSeq: 0 });
    ann.again('client', 0);
    ann.again('server', 0);
    ann.again('server', 1);
    ann.echo();
    return s.events;
  },
  // RFC 6455, section 1.4: what the other end sent before its own close frame may still be read, and need not be.
  'a client that reads on behind its own close': () => readingOn({ nextExpectedSeq: 3, nextSentSeq: 1 }),
  'a client that reads nothing behind its own close': () => readingOn({ nextExpectedSeq: 1, nextSentSeq: 1 }),
  'a heartbeat that is read behind the own close and echoed on the next connection': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.leave('client');
    ann.heartbeat();
    ann.leave('server');
    ann.closed('client', 'close');
    s.wait(200);
    ann.connect({ nextExpectedSeq: 1, nextSentSeq: 0 });
    ann.echo();
    return s.events;
  },
  'an answer to the handshake, and what follows it, that come after the client gave the connection up': () => {
    const s = scene();
    const ann = s.talk();
    ann.opened();
    ann.request();
    s.wait(1000);
    ann.leave('client');
    ann.response();
    ann.heartbeat();
    ann.leave('server');
    ann.closed('client', 'close');
    ann.connect({ nextExpectedSeq: 1, nextSentSeq: 0 });
    ann.echo();
    return s.events;
  },
  'a server that reads on behind its own close': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.leave('server');
    ann.open('r', 's.rpc');
    ann.leave('client');
    ann.closed('server', 'close');
    s.wait(200);
    ann.connect({ nextExpectedSeq: 0, nextSentSeq: 0 });
    ann.result('r', 8, { ack: 1 });
    return s.events;
  },
  // Of a stalled connection an end may be told late that the other one has left it; until then it is as good as any.
  'a client that reads what comes late on a connection that the server has left': () => afterAStall({ nextExpectedSeq: 3 }, 'silent'),
  'a client that reads nothing of what comes late on a connection that the server has left': () =>
    afterAStall({ nextExpectedSeq: 1 }, 'silent'),
  'a client that answers what comes late on a connection that the server has left': () => afterAStall({ nextExpectedSeq: 3 }, 'answers'),
  'a server that reads what comes late on a connection that the client has left': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('r', 's.rpc', OPEN | CLOSED, {}, { lost: true });
    s.wait(3000);
    ann.closed('client', 'close');
    ann.again('client', 0, { injected: true });
    s.wait(200);
    ann.connect({ nextExpectedSeq: 0, nextSentSeq: 0 });
    ann.result('r', CLOSED, { ack: 1 });
    return s.events;
  },
  'heartbeats that a toxic swallowed before they were seen, and that come again on the resume': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    s.wait(1000);
    ann.heartbeat();
    ann.echo();
    s.wait(4200);
    ann.closed();
    ann.connect();
    ann.again('client', 0);
    for (let beats = 0; beats < 4; beats += 1) ann.heartbeat();
    for (let beats = 0; beats < 4; beats += 1) ann.echo();
    s.wait(1000);
    ann.heartbeat();
    ann.echo();
    return s.events;
  },
  'duplicates and a gap': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.again('client', 0, { injected: true });
    ann.result('k', 0, {}, { lost: true });
    ann.result('k');
    ann.closed('client', 'close');
    s.wait(200);
    ann.connect();
    ann.again('client', 0);
    ann.again('server', 0);
    ann.again('server', 1);
    ann.close('client', 'k');
    return s.events;
  },
  'a server that lost a session nobody had acknowledged': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('r', 's.rpc');
    ann.result('r', 8, {}, { lost: true });
    ann.closed();
    s.wait(200);
    ann.renew('session-1');
    ann.opened();
    ann.request();
    ann.response();
    const open = s.events.find((event) => event.type === 'sent' && event.decoded?.ok && event.decoded.message.streamId === 'r');
    if (open?.type === 'sent' && open.decoded?.ok) ann.say('client', open.decoded.message);
    ann.result('r', 8);
    return s.events;
  },
  'a hard reconnect after a refusal': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.result('k');
    ann.closed();
    s.wait(4500);
    ann.opened();
    ann.request();
    ann.response({ ok: false, code: 'SESSION_STATE_MISMATCH', reason: 'unknown session' });
    ann.closed('server', 'close');
    s.wait(200);
    ann.renew('session-2');
    ann.connect();
    ann.open('r', 's.rpc');
    ann.result('r', 8);
    return s.events;
  },
  'attempts that fail before the answer': () => {
    const s = scene();
    const ann = s.talk();
    ann.opened();
    ann.closed('server', 'rst');
    ann.opened();
    ann.request({}, {}, { lost: true });
    ann.closed('proxy', 'fin');
    s.wait(150);
    ann.opened();
    ann.request();
    s.wait(1000);
    ann.closed('client', 'close');
    ann.connect();
    ann.open('r', 's.rpc');
    ann.result('r', 8);
    return s.events;
  },
  'a session that outlived its grace': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.closed();
    s.wait(6000);
    ann.renew('session-2');
    ann.connect();
    ann.open('l', 's.stream');
    return s.events;
  },
  'two clients with the same stream id': () => {
    const s = scene();
    const ann = s.talk('ann', 'session-1');
    const bob = s.talk('bob', 'session-2');
    ann.connect();
    bob.connect();
    ann.open('1', 's.stream');
    bob.open('1', 's.rpc');
    bob.result('1', 8);
    ann.result('1');
    ann.closed();
    bob.heartbeat();
    bob.echo();
    ann.connect();
    ann.again('server', 0);
    ann.close('client', '1');
    ann.close('server', '1');
    return s.events;
  },
  'frames of the old connection read late': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.result('k');
    ann.say('client', { streamId: 'k', payload: { msg: 'a' } }, { lost: true });
    ann.connect();
    ann.again('client', 1);
    ann.again('server', 0);
    ann.say('client', { streamId: 'k', payload: { msg: 'b' } });
    ann.again('client', 1, { connection: 0, lost: true });
    return s.events;
  },
  'a scripted server that acknowledges too much': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.result('k', 0, { ack: 500 });
    ann.say('client', { streamId: 'k', payload: { msg: 'a' } }, { lost: true });
    ann.closed();
    s.wait(150);
    ann.connect({ nextSentSeq: 1 });
    ann.again('client', 1);
    return s.events.filter((event) => event.type !== 'sent' || event.from === 'client');
  },
  'a duplicated handshake request on its way': () => {
    const s = scene();
    const ann = s.talk();
    ann.opened();
    ann.request();
    ann.request({}, {}, { injected: true });
    ann.response();
    ann.open('r', 's.rpc');
    ann.result('r', 8);
    return s.events;
  },
  'undecodable bytes on a session': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.result('k');
    ann.say('server', { streamId: HEARTBEAT_STREAM }, { broken: 'the root is not a map', injected: true });
    ann.closed('client', 'close');
    s.wait(150);
    ann.renew('session-2');
    ann.connect();
    ann.open('l', 's.stream');
    return s.events;
  },
};

/** A stream on which two results arrive between the client's own close frame and the server's; then the client resumes with this claim. */
function readingOn(claim: { nextExpectedSeq: number; nextSentSeq: number }): readonly TraceEvent<RiverMessage>[] {
  const s = scene();
  const ann = s.talk();
  ann.connect();
  ann.open('k', 's.stream');
  ann.result('k');
  ann.leave('client');
  ann.result('k');
  ann.result('k');
  ann.leave('server');
  ann.closed('client', 'close');
  s.wait(200);
  ann.connect(claim);
  for (let seq = claim.nextExpectedSeq; seq < 3; seq += 1) ann.again('server', seq);
  return s.events;
}

/** A server leaves a stalled connection, and what it sent there comes after that; then the client resumes with this claim. */
function afterAStall(claim: { nextExpectedSeq: number }, client: 'silent' | 'answers'): readonly TraceEvent<RiverMessage>[] {
  const s = scene();
  const ann = s.talk();
  ann.connect();
  ann.open('k', 's.stream');
  ann.result('k');
  ann.heartbeat({ lost: true });
  ann.result('k', 0, {}, { lost: true });
  s.wait(3000);
  ann.closed('server', 'close');
  for (const seq of [1, 2]) ann.again('server', seq, { injected: true });
  if (client === 'answers') ann.echo({ lost: true });
  s.wait(200);
  ann.connect(claim);
  if (client === 'answers') ann.again('client', 1);
  for (let seq = claim.nextExpectedSeq; seq < 3; seq += 1) ann.again('server', seq);
  if (client === 'silent') ann.echo();
  return s.events;
}
