import * as z from 'zod';
import type { CallLanguage } from '../common/call-kind.ts';
import { MAX_31 } from './frame.ts';

/** Bytes that are no text: a case writes `{$bytes: base64}`. */
const bytes = z.instanceof(Uint8Array);

/** What calls are like in RSocket. */
export const rsocketCalls: CallLanguage = {
  kinds: {
    'request-response': { says: 'one request, one response' },
    'fire-and-forget': { says: 'one request, nothing back', ends: false },
    'request-stream': { says: 'one request, items back' },
    'request-channel': { says: 'items in both directions; the opening value is the first' },
    'metadata-push': { says: 'metadata about no stream', ends: false },
  },
  callers: ['client', 'server'],
  // Bytes: text where they are well-formed UTF-8.
  metadata: { grammar: z.union([z.string(), bytes]), at: ['start', 'value'] },
  credit: z.int().positive().max(MAX_31),
  parts: { requester: 'caller', responder: 'callee' },
  callKeys: { wire: ['call'], script: ['stream'], opens: ['stream'] },
};
