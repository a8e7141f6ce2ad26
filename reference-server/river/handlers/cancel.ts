import { itemsWithin } from '../../../protocols/common/limits.ts';
import type { Handler } from '../handler.ts';
import { answering, blocking } from './parts.ts';

/** Handlers of the service `cancel`. */
export const cancel: Readonly<Record<string, Handler>> = {
  blockingRpc: blocking,
  blockingStream: blocking,
  blockingUpload: blocking,
  blockingSubscription: blocking,
  immediateRpc: answering(() => ({ done: true })),
  immediateStream: (call) => {
    call.respond({ done: true });
    return { requestsClosed: () => call.close() };
  },
  immediateUpload: (call) => ({ requestsClosed: () => call.respond({ done: true }) }),
  immediateSubscription: (call) => {
    call.respond({ done: true });
    call.close();
    return {};
  },
  countedStream: (call) => {
    const { total } = call.init as { total: number };
    for (let i = 0; i < itemsWithin(total); i += 1) call.respond({ i });
    return { requestsClosed: () => call.close() };
  },
};
