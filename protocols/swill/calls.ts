import * as z from 'zod';
import type { CallLanguage } from '../common/call-kind.ts';

/** What calls are like in Swill: the four shapes are those of handlers, nothing on the wire tells them apart. */
export const swillCalls: CallLanguage = {
  kinds: {
    'single-single': { says: 'one message, one answer', opening: null },
    'single-stream': { says: 'one message, items back', opening: null },
    'stream-single': { says: 'items, then one answer; without an opening value it opens with METADATA', singleResult: true },
    'stream-stream': { says: 'items in both directions; without an opening value it opens with METADATA' },
  },
  metadata: { grammar: z.record(z.string(), z.unknown()), at: ['start', 'answer', 'end'] },
  callKeys: { wire: ['call'], script: ['call'], opens: ['call'] },
};

/** Whether a client sends items in a call of that kind. */
export function streamsUp(kind: string): boolean {
  return kind.startsWith('stream-');
}

/** Whether a server does. */
export function streamsDown(kind: string): boolean {
  return kind.endsWith('-stream');
}
