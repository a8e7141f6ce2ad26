import { CANCEL, CLOSED, OPEN } from '../message.ts';
import { isCloseControl } from '../validate.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';
import { isOnStream, streamTables } from './stream-tables.ts';

interface Subscription {
  open: boolean;
  /** The server's close, as delivered. */
  closed: { readonly seq: number; readonly n: number; readonly t: number } | undefined;
  /** A later message that shows, an interval after it, that the client had read the close. */
  proof: number | undefined;
}

/** A client that opened a subscription with the open bit only answers the server's close with its own (RIVER-STREAM-SUB-03). */
export const subscriptionAnswer = endInvariant('subscription-answer', ['RIVER-STREAM-SUB-03'], ['client'], (role, facts, check) => {
  const subscriptions = streamTables<Subscription>(() => ({ open: false, closed: undefined, proof: undefined }));
  const patience = facts.timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY;
  return {
    sending: ({ event, message, session, fresh }) => {
      if (!fresh || session.murky || speaksOldVersion(session)) return;
      for (const { closed, ...rest } of subscriptions.of(session)) {
        const isProof = closed !== undefined && message.ack > closed.seq && event.t - closed.t >= patience;
        if (isProof && rest.proof === undefined) subscriptions.at(session, rest.streamId).proof = event.n;
      }
      if (!isOnStream(message)) return;
      const { streamId, controlFlags, serviceName, procedureName } = message;
      if (controlFlags === OPEN && facts.procedureKinds[`${serviceName}.${procedureName}`] === 'subscription') {
        subscriptions.at(session, streamId).open = true;
      } else if ((controlFlags & (CLOSED | CANCEL)) !== 0) {
        const subscription = subscriptions.find(session, streamId);
        if (subscription === undefined) return;
        if (subscription.closed !== undefined && subscription.open) check(true, 'RIVER-STREAM-SUB-03', role);
        subscription.open = false;
      }
    },
    receiving: ({ event, message, session, fate, astray }) => {
      if (fate !== 'accepted' || !isOnStream(message) || astray) return;
      const subscription = subscriptions.find(session, message.streamId);
      if (subscription === undefined) return;
      if ((message.controlFlags & CANCEL) !== 0) subscription.open = false;
      else if ((message.controlFlags & CLOSED) !== 0 && isCloseControl(message.payload)) {
        subscription.closed ??= { seq: message.seq, n: event.n, t: event.t };
      }
    },
    finish: () => conclude(subscriptions.all()),
    forget: () => conclude(subscriptions.forget()),
  };

  function conclude(over: readonly Subscription[]): void {
    for (const { open, closed, proof } of over) {
      const what = () => 'the client never closed a subscription that it opened with the open bit and that the server has closed';
      if (open && closed !== undefined && proof !== undefined) check(false, 'RIVER-STREAM-SUB-03', role, what, [proof, closed.n]);
    }
  }
});
