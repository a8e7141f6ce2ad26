import type { TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import { scene } from './testing.ts';

/** Traces in which one end misbehaves and the other reacts as it should. */
export const conformingRefusals: Readonly<Record<string, () => readonly TraceEvent<RiverMessage>[]>> = {
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
  'an answer that has not the shape of one': () => {
    const s = scene();
    const ann = s.talk();
    ann.opened();
    ann.request();
    ann.response({ ok: 1, sessionId: 'session-1' }, {}, { injected: true });
    ann.closed('client', 'close');
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
