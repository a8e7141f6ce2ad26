import { CANCEL, CLOSED, OPEN, type RiverMessage } from '../message.ts';
import { isCloseControl, isProtocolError } from '../validate.ts';
import { mayBeAccepted } from './end-session.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';
import { isOnStream, streamTables } from './stream-tables.ts';

interface Stream {
  kind: string | undefined;
  opened: boolean;
  /** The client's cancels on this stream, and its other messages. */
  cancels: number;
  asked: number;
  /** The server has sent data, so the opening message was valid. */
  answered: boolean;
  invalidReplies: number;
  clientClosed: boolean;
  clientCancelled: { readonly seq: number; readonly n: number } | undefined;
  /** The server's own end of the stream; `code` where it was a cancel. */
  ended: { readonly n: number; readonly ack: number; readonly code: string | undefined } | undefined;
  closedAfterCancel: boolean;
}

/**
 * What a server must not send any more: anything after its closing message or cancel (RIVER-STREAM-02; after a handler's
 * cancel RIVER-CANCEL-06) or after it read the client's cancel (RIVER-CANCEL-05). INVALID_REQUEST may answer each further
 * message of the client (RIVER-ERR-13); a CLOSE after a cancel is tolerated where the official server sends it.
 */
export const serverSilence = endInvariant(
  'server-silence',
  ['RIVER-STREAM-02', 'RIVER-CANCEL-05', 'RIVER-CANCEL-06'],
  ['server'],
  (role, facts, check) => {
    const streams = streamTables<Stream>(() => ({
      ...{ kind: undefined, opened: false, cancels: 0, asked: 0, answered: false, invalidReplies: 0, clientClosed: false },
      ...{ clientCancelled: undefined, ended: undefined, closedAfterCancel: false },
    }));
    return {
      receiving: ({ event, message, session, fate, astray }) => {
        if (!mayBeAccepted(fate) || !isOnStream(message) || astray) return;
        const { streamId, controlFlags, seq } = message;
        const stream = streams.at(session, streamId);
        if ((controlFlags & CANCEL) !== 0) stream.cancels += 1;
        else stream.asked += 1;
        // A client that opens under the id of a stream that has ended, not by a cancel, may be given another one.
        const opensAgain = fate === 'accepted' && (controlFlags & OPEN) !== 0 && stream.ended !== undefined;
        if (opensAgain && stream.ended?.code === undefined) stream.ended = undefined;
        if ((controlFlags & OPEN) !== 0 && !stream.opened) {
          stream.opened = true;
          stream.kind = facts.procedureKinds[`${message.serviceName}.${message.procedureName}`];
        }
        if ((controlFlags & CANCEL) !== 0) {
          // One that takes the number of an earlier message may never be read; a retransmission was seen before.
          if (fate === 'accepted') stream.clientCancelled ??= { seq, n: event.n };
        } else if ((controlFlags & CLOSED) !== 0) {
          stream.clientClosed = true;
        }
      },
      sending: ({ event, message, session, fresh }) => {
        if (!fresh || session.murky || speaksOldVersion(session) || !isOnStream(message)) return;
        const stream = streams.find(session, message.streamId);
        if (stream === undefined) return;
        judge(stream, message, event.n);
        enter(stream, message, event.n);
      },
      finish: () => conclude(streams.all()),
      forget: () => conclude(streams.forget()),
    };

    function conclude(over: readonly Stream[]): void {
      for (const { ended, clientCancelled } of over) {
        if (ended !== undefined) check(true, ended.code === 'CANCEL' ? 'RIVER-CANCEL-06' : 'RIVER-STREAM-02', role);
        if (clientCancelled !== undefined) check(true, 'RIVER-CANCEL-05', role);
      }
    }

    function judge(stream: Stream, message: RiverMessage, n: number): void {
      const { streamId, ack } = message;
      const { ended, clientCancelled } = stream;
      const invalid = codeOf(message) === 'INVALID_REQUEST';
      if (invalid && stream.invalidReplies < answerable(stream)) return;
      if (ended !== undefined) {
        // A handler may still fail, and so cancel the whole stream, after it has closed its own direction alone.
        if (ended.code === undefined && (message.controlFlags & CANCEL) !== 0 && !stream.clientClosed) return;
        const what = () => `the server had ended stream ${streamId}; nothing may follow`;
        check(false, ended.code === 'CANCEL' ? 'RIVER-CANCEL-06' : 'RIVER-STREAM-02', role, what, [n, ended.n]);
      } else if (clientCancelled !== undefined && ack > clientCancelled.seq) {
        const closes = (message.controlFlags & CLOSED) !== 0 && isCloseControl(message.payload);
        if (closes && !stream.closedAfterCancel && stream.kind !== 'rpc' && stream.kind !== 'upload') return;
        const what = () => `the server had read the client's cancel of stream ${streamId} (ack ${ack}); no result may follow`;
        check(false, 'RIVER-CANCEL-05', role, what, [n, clientCancelled.n]);
      }
    }

    /** How many of the client's messages an INVALID_REQUEST may answer; a cancel of a running stream is valid. */
    function answerable({ asked, answered, cancels, clientCancelled, opened, ended }: Stream): number {
      const wasLive = opened && clientCancelled !== undefined && (ended === undefined || ended.ack > clientCancelled.seq);
      return asked - (answered ? 1 : 0) + cancels - (wasLive ? 1 : 0);
    }

    function enter(stream: Stream, message: RiverMessage, n: number): void {
      const code = codeOf(message);
      const cancels = (message.controlFlags & CANCEL) !== 0;
      if (code === 'INVALID_REQUEST') stream.invalidReplies += 1;
      if (!cancels) stream.answered = true;
      if (stream.clientCancelled !== undefined && !cancels) stream.closedAfterCancel = true;
      if (cancels) stream.ended = { n, ack: message.ack, code: code ?? '' };
      else if ((message.controlFlags & CLOSED) !== 0) stream.ended ??= { n, ack: message.ack, code: undefined };
    }
  },
);

function codeOf(message: RiverMessage): string | undefined {
  return (message.controlFlags & CANCEL) !== 0 && isProtocolError(message.payload) ? message.payload.payload.code : undefined;
}
