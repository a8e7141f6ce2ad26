import * as z from 'zod';
import type { CallLanguage } from '../common/call-kind.ts';

const value = z.union([z.string(), z.instanceof(Uint8Array)]);

/** What calls are like in Connect. */
export const connectCalls: CallLanguage = {
  kinds: {
    unary: { says: 'one request, one response', opening: {} },
    get: { says: 'the same, by GET where the procedure has no side effects', opening: {} },
    'server-stream': { says: 'one request, messages back', opening: {} },
    'client-stream': { says: 'messages, then one response', singleResult: true },
    'bidi-stream': { says: 'messages, then messages back: over HTTP/1.1 no answer is waited for before the last request' },
  },
  metadata: { grammar: z.record(z.string(), z.array(value)), at: ['start', 'answer', 'error', 'end'] },
  callKeys: { wire: ['call'], script: ['to'], opens: ['as'] },
};
