import type { TraceEvent } from '../../common/trace.ts';
import { HEARTBEAT_STREAM, REHANDSHAKE_STREAM, type RiverMessage } from '../message.ts';
import { scene } from './testing.ts';

/** Conforming traces, by what is special about them; no invariant may find fault with any. */
export const conforming: Readonly<Record<string, () => readonly TraceEvent<RiverMessage>[]>> = {
  'every procedure kind': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('r', 's.rpc');
    ann.result('r', 8);
    ann.open('e', 's.stream');
    ann.say('client', { streamId: 'e', payload: { msg: 'a' } });
    ann.result('e');
    ann.close('client', 'e');
    ann.result('e');
    ann.close('server', 'e');
    ann.open('u', 's.upload');
    ann.say('client', { streamId: 'u', payload: { n: 1 } });
    ann.close('client', 'u');
    ann.result('u', 8);
    ann.open('v', 's.subscription', 2);
    ann.result('v');
    ann.close('server', 'v');
    ann.close('client', 'v');
    ann.open('w', 's.subscription', 10);
    ann.result('w');
    ann.close('server', 'w');
    ann.open('z', 's.upload');
    ann.result('z', 8);
    ann.say('client', { streamId: 'z', payload: { n: 1 } });
    ann.close('client', 'z');
    return s.events;
  },
  'cancels from both sides': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('a', 's.stream');
    ann.cancel('client', 'a');
    ann.close('server', 'a');
    ann.open('b', 's.upload');
    ann.cancel('server', 'b', 'UNCAUGHT_ERROR');
    ann.open('c', 's.rpc');
    ann.result('c', 8, {}, { lost: true });
    ann.cancel('client', 'c');
    ann.cancel('server', 'c', 'INVALID_REQUEST');
    ann.open('g', 's.upload');
    ann.cancel('server', 'g', 'CANCEL');
    ann.open('d', 's.nothing', 10);
    ann.cancel('server', 'd', 'INVALID_REQUEST');
    ann.open('f', 's.stream');
    ann.close('server', 'f');
    ann.cancel('server', 'f', 'UNCAUGHT_ERROR');
    return s.events;
  },
  'a write that crosses with the cancel': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('b', 's.upload');
    ann.cancel('server', 'b', 'CANCEL', {}, {});
    ann.say('client', { streamId: 'b', payload: { n: 1 }, ack: 0 });
    ann.close('client', 'b', { ack: 0 });
    ann.cancel('server', 'b', 'INVALID_REQUEST');
    return s.events;
  },
  'heartbeats and a refreshed handshake': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    for (let i = 0; i < 5; i += 1) {
      s.wait(1000);
      ann.heartbeat();
      ann.echo();
    }
    ann.say('server', { streamId: REHANDSHAKE_STREAM, payload: { type: 'REHANDSHAKE_REQ' } });
    ann.say('client', { streamId: REHANDSHAKE_STREAM, payload: { type: 'REHANDSHAKE_RESP', metadata: { token: 't2' } } });
    return s.events;
  },
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
  'refusals of every sort': () => {
    const s = scene();
    const ann = s.talk();
    const refused = (code: string): void => {
      ann.response({ ok: false, code, reason: 'no' });
      ann.closed('server', 'close');
      s.wait(200);
    };
    ann.opened();
    ann.request({ payload: { type: 'ACK' } }, {}, { injected: true });
    refused('MALFORMED_HANDSHAKE');
    ann.opened();
    ann.request({}, {}, { injected: true, broken: 'the root is not a map' });
    refused('MALFORMED_HANDSHAKE');
    ann.opened();
    ann.request({}, { protocolVersion: 'v99' }, { injected: true });
    refused('PROTOCOL_VERSION_MISMATCH');
    ann.opened();
    ann.request({}, { expectedSessionState: { nextExpectedSeq: 3, nextSentSeq: 0 } }, { injected: true });
    refused('SESSION_STATE_MISMATCH');
    ann.opened();
    ann.request({ tracing: { traceparent: '', tracestate: '' } });
    refused('REJECTED_BY_CUSTOM_HANDLER');
    ann.renew('session-2');
    ann.connect();
    ann.open('r', 's.rpc', 10, {}, { lost: true });
    ann.closed();
    ann.opened();
    ann.request({}, { expectedSessionState: { nextExpectedSeq: 0, nextSentSeq: 1 } }, { injected: true });
    refused('SESSION_STATE_MISMATCH');
    return s.events;
  },
  'messages from strangers': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('k', 's.stream');
    ann.say('client', { streamId: 'k', from: 'eve' }, { injected: true });
    ann.closed('server', 'close');
    ann.renew('session-2');
    const bob = s.talk('bob', 'session-3');
    bob.connect();
    bob.say('server', { streamId: 'k', from: 'eve' }, { injected: true });
    bob.closed('client', 'close');
    return s.events;
  },
  'an ok for another session': () => {
    const s = scene();
    const ann = s.talk();
    ann.opened();
    ann.request();
    ann.response({ ok: true, sessionId: 'session-1' }, {}, { lost: true });
    ann.response({ ok: true, sessionId: 'other' }, {}, { injected: true });
    ann.open('a', 's.stream');
    ann.closed();
    ann.renew('session-3');
    ann.opened();
    ann.request();
    ann.response({ ok: true, sessionId: 'session-3' }, {}, { lost: true });
    ann.response({ ok: true, sessionId: 'third' }, {}, { injected: true });
    ann.open('b', 's.stream');
    return s.events;
  },
  'a message for somebody else': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    ann.open('r', 's.rpc', 10, { to: 'OTHER' }, { injected: true });
    return s.events;
  },
};
