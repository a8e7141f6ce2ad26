import type { CallLanguage } from '../common/call-kind.ts';

/** What calls are like in River. An open message always has a payload: an empty map, where a case says nothing. */
export const riverCalls: CallLanguage = {
  kinds: {
    rpc: { says: 'one request, one response', opening: {} },
    stream: { says: 'requests and responses in any order', opening: {} },
    upload: { says: 'requests, then one response', opening: {}, singleResult: true },
    subscription: { says: 'one request, then responses', opening: {} },
  },
  callKeys: { wire: ['stream'], script: ['stream', 'to', 'close-stream'], opens: ['stream'] },
  namePair(procedure) {
    const dot = procedure.indexOf('.');
    return { service: procedure.slice(0, dot), procedure: procedure.slice(dot + 1) };
  },
};
