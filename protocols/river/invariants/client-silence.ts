import { CANCEL, CLOSED, OPEN } from '../message.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';
import { isOnStream, streamTables } from './stream-tables.ts';

interface Stream {
  closed: number | undefined;
  cancelled: number | undefined;
  /** The server's last words as delivered: seq and event. */
  peerClosed: { readonly seq: number; readonly n: number } | undefined;
  peerCancelled: { readonly seq: number; readonly n: number } | undefined;
}

/**
 * What a client must not send any more: data after its close (RIVER-STREAM-02), anything after its cancel
 * (RIVER-CANCEL-02; a second cancel: RIVER-CANCEL-10), anything after it read the server's cancel (RIVER-CANCEL-08), a
 * cancel of a finished call (RIVER-CANCEL-10). That it had read the server's words shows in the ack of its message.
 */
export const clientSilence = endInvariant(
  'client-silence',
  ['RIVER-STREAM-02', 'RIVER-CANCEL-02', 'RIVER-CANCEL-08', 'RIVER-CANCEL-10'],
  ['client'],
  (role, _facts, check) => {
    const streams = streamTables<Stream>(() => ({
      ...{ closed: undefined, cancelled: undefined, peerClosed: undefined, peerCancelled: undefined },
    }));
    return {
      receiving: ({ event, message, session, fate, astray }) => {
        if (fate !== 'accepted' || !isOnStream(message) || astray) return;
        const stream = streams.find(session, message.streamId);
        const words = { seq: message.seq, n: event.n };
        if (stream === undefined) return;
        if ((message.controlFlags & CANCEL) !== 0) stream.peerCancelled ??= words;
        else if ((message.controlFlags & CLOSED) !== 0) stream.peerClosed ??= words;
      },
      sending: ({ event, message, session, fresh }) => {
        if (!fresh || session.murky || speaksOldVersion(session) || !isOnStream(message)) return;
        const { streamId, controlFlags, ack } = message;
        const opens = (controlFlags & OPEN) !== 0;
        const stream = opens ? streams.renew(session, streamId) : streams.at(session, streamId);
        const cancels = (controlFlags & CANCEL) !== 0;
        const { closed, cancelled, peerClosed, peerCancelled } = stream;
        const n = event.n;
        if (cancelled !== undefined) {
          const what = () => `stream ${streamId} was cancelled by the client; nothing may follow`;
          check(false, cancels ? 'RIVER-CANCEL-10' : 'RIVER-CANCEL-02', role, what, [n, cancelled]);
        } else if (peerCancelled !== undefined && ack > peerCancelled.seq) {
          const what = () => `the client had read the server's cancel of stream ${streamId} (ack ${ack}); nothing may follow`;
          check(false, 'RIVER-CANCEL-08', role, what, [n, peerCancelled.n]);
        } else if (closed !== undefined && !cancels) {
          const what = () => `stream ${streamId} was closed by the client; only a cancel may follow`;
          check(false, 'RIVER-STREAM-02', role, what, [n, closed]);
        } else if (closed !== undefined && peerClosed !== undefined && ack > peerClosed.seq) {
          const what = () => `stream ${streamId} was closed in both directions (ack ${ack}); there is nothing to cancel`;
          check(false, 'RIVER-CANCEL-10', role, what, [n, peerClosed.n]);
        }
        if (cancels) stream.cancelled ??= n;
        else if ((controlFlags & CLOSED) !== 0) stream.closed ??= n;
      },
      finish: () => conclude(streams.all()),
      forget: () => conclude(streams.forget()),
    };

    function conclude(over: readonly Stream[]): void {
      for (const { closed, cancelled, peerCancelled } of over) {
        if (closed !== undefined) check(true, 'RIVER-STREAM-02', role);
        if (cancelled !== undefined) {
          check(true, 'RIVER-CANCEL-02', role);
          check(true, 'RIVER-CANCEL-10', role);
        }
        if (peerCancelled !== undefined) check(true, 'RIVER-CANCEL-08', role);
      }
    }
  },
);
