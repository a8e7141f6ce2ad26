import { peerOf, type Role } from '../../common/frame.ts';
import type { Check } from '../../common/judging.ts';
import { FLAG, follows, has, isRequest, MAX_31, type RSocketFrame } from '../frame.ts';
import { frameInvariant, type Where } from './judging.ts';
import { type Stream, StreamBook } from './stream-book.ts';

/** What is answered on streams that nobody opened. */
const unopened: Readonly<Partial<Record<RSocketFrame['type'], string>>> = {
  PAYLOAD: 'RSOCKET-IGNORE-01',
  CANCEL: 'RSOCKET-IGNORE-02',
  ERROR: 'RSOCKET-IGNORE-03',
  REQUEST_N: 'RSOCKET-IGNORE-04',
};

const ends = ['RSOCKET-RR-01', 'RSOCKET-FNF-01', 'RSOCKET-RS-06', 'RSOCKET-CHANNEL-05', 'RSOCKET-CHANNEL-06', 'RSOCKET-CHANNEL-08'];

/**
 * The life of streams: nothing on those that nobody opened, one end, nothing behind it, no item without credit, in each direction. What
 * arrived is counted as known only where its receiver has shown that it read it; what may be sent, where it has arrived.
 */
export const streams = frameInvariant(
  'streams',
  [...['RSOCKET-RR-07', 'RSOCKET-RR-08', 'RSOCKET-RS-02', 'RSOCKET-CHANNEL-03', 'RSOCKET-CHANNEL-09', ...ends], ...Object.values(unopened)],
  (check) => {
    const book = new StreamBook();
    return {
      forget: (past) => book.forget(past),
      received: (frame, where) => book.received(frame, where),
      sent: (frame, where) => {
        if (!where.resent && frame.streamId !== 0 && !isRequest(frame)) judge(book, check, frame, where);
        book.sent(frame, where);
      },
    };
  },
);

function judge(book: StreamBook, check: Check, frame: RSocketFrame, where: Where): void {
  const { n, session, role } = where;
  const stream = book.find(session, frame.streamId);
  const rule = unopened[frame.type];
  if (rule === undefined || book.isForgotten(session, frame.streamId)) return;
  const known = stream !== undefined && (stream.opener === role || stream.arrived !== undefined);
  if (!check(known, rule, role, () => `${frame.type} on stream ${frame.streamId}, which nobody opened`, [n]) || stream === undefined)
    return;
  if (stream.contested) return;
  if (stream.opener === role) asRequester(check, stream, frame, where);
  else asResponder(book, check, stream, frame, where);
}

function asRequester(check: Check, stream: Stream, frame: RSocketFrame, { n, role }: Where): void {
  const own = stream.sent[role];
  const what = `${frame.type} on stream ${stream.streamId}`;
  check(own.cancel === undefined, 'RSOCKET-RR-08', role, () => `${what} after its CANCEL`, [n, own.cancel]);
  if (stream.type !== 'REQUEST_CHANNEL') return;
  if (own.error !== undefined) check(false, 'RSOCKET-CHANNEL-06', role, () => `${what} after its ERROR`, [n, own.error]);
  if (frame.type !== 'PAYLOAD' || (own.series !== undefined && own.items === 0)) return;
  check(own.complete === undefined, 'RSOCKET-CHANNEL-05', role, () => `${what} after it was complete`, [n, own.complete]);
  credited(check, 'RSOCKET-CHANNEL-03', stream, frame, role, n);
}

function asResponder(book: StreamBook, check: Check, stream: Stream, frame: RSocketFrame, { n, session, role }: Where): void {
  const own = stream.sent[role];
  const got = stream.got[role];
  const what = `${frame.type} on stream ${stream.streamId}`;
  const isRead = (event: number | undefined): event is number => event !== undefined && book.hasRead(session, role, event);
  if (stream.type === 'REQUEST_FNF') {
    check(false, 'RSOCKET-FNF-01', role, () => `${what}, which is fire-and-forget`, [n, stream.opened]);
    return;
  }
  const cancelled = { REQUEST_RESPONSE: 'RSOCKET-RR-07', REQUEST_STREAM: 'RSOCKET-RS-06', REQUEST_CHANNEL: 'RSOCKET-CHANNEL-08' }[
    stream.type
  ];
  check(!isRead(got.cancel), cancelled, role, () => `${what} after its CANCEL was read`, [n, got.cancel]);
  const behind = own.error ?? own.complete;
  switch (stream.type) {
    case 'REQUEST_RESPONSE': {
      const first = own.items === 0 || own.series !== undefined;
      check(behind === undefined && first, 'RSOCKET-RR-01', role, () => `${what}, which was answered`, [n, behind]);
      return;
    }
    case 'REQUEST_STREAM':
      check(behind === undefined, 'RSOCKET-RS-06', role, () => `${what} after its end`, [n, behind]);
      if (frame.type === 'PAYLOAD') credited(check, 'RSOCKET-RS-02', stream, frame, role, n);
      return;
    case 'REQUEST_CHANNEL': {
      check(!isRead(got.error), 'RSOCKET-CHANNEL-06', role, () => `${what} after the requester’s ERROR was read`, [n, got.error]);
      const ended = frame.type === 'PAYLOAD' || frame.type === 'ERROR' ? behind : own.error;
      check(ended === undefined, 'RSOCKET-CHANNEL-05', role, () => `${what} after its end`, [n, ended]);
      if (frame.type === 'PAYLOAD') credited(check, 'RSOCKET-CHANNEL-09', stream, frame, role, n);
    }
  }
}

/**
 * An item needs credit; its further fragments need none, nor does an end without an item (RSOCKET-RS-05), with a FOLLOWS that is
 * ignored (RSOCKET-PAYLOAD-02) or without.
 */
function credited(check: Check, rule: string, stream: Stream, frame: RSocketFrame, role: Role, n: number): void {
  const own = stream.sent[role];
  const begins = own.series === undefined && (has(frame, FLAG.NEXT) || follows(frame));
  if (!begins) return;
  const credit = Math.min(stream.credit[role].n, MAX_31);
  const what = () => `item ${own.items + 1} on stream ${stream.streamId} for a credit of ${credit}`;
  check(own.items < stream.credit[role].n, rule, role, what, [n]);
}

/** After an ERROR of the responder its requester says nothing more (RSOCKET-CHANNEL-07). */
export const channelErrors = frameInvariant('channel-errors', ['RSOCKET-CHANNEL-07'], (check) => {
  const book = new StreamBook();
  return {
    forget: (past) => book.forget(past),
    received: (frame, where) => book.received(frame, where),
    sent: (frame, where) => {
      const { session, role, n } = where;
      const stream = book.find(session, frame.streamId);
      if (
        stream?.contested === false &&
        stream.opener === role &&
        stream.type === 'REQUEST_CHANNEL' &&
        !isRequest(frame) &&
        !where.resent
      ) {
        const failed = stream.got[role].error;
        const known = failed !== undefined && book.hasRead(session, role, failed);
        check(!known, 'RSOCKET-CHANNEL-07', role, () => `${frame.type} on stream ${frame.streamId} after ${peerOf(role)} failed it`, [
          n,
          failed,
        ]);
      }
      book.sent(frame, where);
    },
  };
});
