import type { TraceEvent } from '../../common/trace.ts';
import { encodeMessage } from '../codec.ts';
import { REHANDSHAKE_STREAM, type RiverMessage } from '../message.ts';
import { scene } from './testing.ts';

/** Conforming traces of calls on one connection. */
export const conformingCalls: Readonly<Record<string, () => readonly TraceEvent<RiverMessage>[]>> = {
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
  'bytes and big integers under both codecs': () => {
    const s = scene();
    const ann = s.talk();
    ann.connect();
    const payload = { bytes: new Uint8Array(4), small: 5n, large: 2n ** 70n };
    ann.open('a', 's.rpc', 10, { payload }, { data: encodeMessage({ payload }, 'json') });
    ann.open('b', 's.rpc', 10, { payload }, { data: encodeMessage({ payload }, 'msgpack') });
    return s.events;
  },
};
