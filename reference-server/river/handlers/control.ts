import { itemsWithin } from '../../../protocols/common/limits.ts';
import type { Handler } from '../handler.ts';
import { answering, cancelling, throwing } from './parts.ts';

/** Handlers of the service `control`. */
export const control: Readonly<Record<string, Handler>> = {
  closeFirst: (call) => {
    call.close();
    return {};
  },
  holdOpenStream: (call) => ({
    request: (value) => call.respond({ response: (value as { msg: string }).msg }),
    requestsClosed: () => call.respond({ response: 'still open' }),
  }),
  answerEarly: answering(() => ({ result: 0 })),
  countdownSubscription: (call) => {
    const { total } = call.init as { total: number };
    for (let i = itemsWithin(total); i > 0; i -= 1) call.respond({ i });
    call.close();
    return {};
  },
  permissiveStream: (call) => ({ request: (value) => call.respond(value), requestsClosed: () => call.close() }),
  throwingRpc: throwing,
  throwingStream: throwing,
  throwingUpload: throwing,
  throwingSubscription: throwing,
  cancelRpc: cancelling,
  cancelStream: cancelling,
  cancelUpload: cancelling,
  cancelSubscription: cancelling,
};
