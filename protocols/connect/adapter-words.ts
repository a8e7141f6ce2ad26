import type { AdapterWords } from '../common/adapter-words.ts';
import type { ConnectTimers } from './timers.ts';

/** The words of Connect that an adapter hears and says. */
export const connectAdapterWords: AdapterWords<keyof ConnectTimers> = {
  timers: { timeoutMs: 'the deadline of each call of a client; 0: none' },
  options: {
    readMaxBytes: {
      role: 'both',
      text: 'the largest message that this end reads, in bytes, once it is decompressed (feature `size-limit`)',
    },
    prefix: { role: 'client', text: 'what stands before the procedure in paths: `/api`' },
    timeScale: {
      role: 'both',
      text: 'the factor by which the timers were scaled; what handlers of `services.yaml` wait is nominal and scaled by it',
    },
  },
  statuses: { closed: { role: 'client', text: 'the client is over' } },
  detail: 'It is never given.',
};
