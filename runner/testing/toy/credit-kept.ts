import { endOf, peerOf, type Role } from '../../../protocols/common/frame.ts';
import type { Invariant } from '../../../protocols/common/invariant.ts';
import type { ToyMessage } from './message.ts';

/** Who answers sends no more values than its caller takes (TOY-CREDIT). Calls without credit are answered without bounds. */
export const creditKept: Invariant<ToyMessage> = {
  name: 'toy/credit-kept',
  requirements: ['TOY-CREDIT'],
  start(_facts, report) {
    const calls = new Map<string, { readonly caller: Role; left: number }>();
    return {
      observe(event) {
        // What was delivered counts for who is told to wait, what was sent for who sends.
        if ((event.type !== 'sent' && event.type !== 'delivered') || !event.decoded?.ok) return;
        const { message } = event.decoded;
        const key = `${event.connection}:${message.id}`;
        if (event.type === 'delivered') {
          const call = calls.get(key);
          if (message.t === 'call' && message.n !== undefined) calls.set(key, { caller: peerOf(endOf(event.to)), left: message.n });
          if (message.t === 'more' && call !== undefined) call.left += message.n;
          return;
        }
        const call = calls.get(key);
        if (message.t !== 'value' || call === undefined || event.from === call.caller) return;
        call.left -= 1;
        if (call.left >= 0) report.holds('TOY-CREDIT', event.from);
        else
          report.violates({
            requirement: 'TOY-CREDIT',
            blame: event.from,
            message: 'more values than its caller takes',
            events: [event.n],
          });
      },
      finish() {},
    };
  },
};
