import * as z from 'zod';
import type { CallLanguage } from '../common/call-kind.ts';

/** What calls are like in clamator. */
export const clamatorCalls: CallLanguage = {
  kinds: {
    method: { says: 'params, and one result or an error', opening: {} },
    notification: { says: 'params that nobody answers; it ends once they are in the stream', opening: {} },
  },
  manyServers: true,
  metadata: {
    grammar: z.strictObject({ timeoutMs: z.number().positive().describe('The timeout of this call, nominal ms.') }),
    at: ['start'],
  },
  callKeys: { wire: ['call'], script: ['to'], opens: ['as'] },
};
