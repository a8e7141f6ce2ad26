import { isRequest } from '../frame.ts';
import { frameInvariant, Table } from './judging.ts';

interface Ids {
  last: number | undefined;
  readonly used: Set<number>;
}

/** The highest id of each end (RSOCKET-STREAMID-05). */
const LAST = { client: 0x7f_ff_ff_ff, server: 0x7f_ff_ff_fe } as const;

/** Ids of requests: odd from clients and even from servers, ascending by 2, none twice. */
export const streamIds = frameInvariant(
  'stream-ids',
  ['RSOCKET-STREAMID-01', 'RSOCKET-STREAMID-02', 'RSOCKET-STREAMID-04', 'RSOCKET-STREAMID-05', 'RSOCKET-CHANNEL-01'],
  (check, facts) => {
    const ids = new Table<Ids>(() => ({ last: undefined, used: new Set() }));
    const preset = facts.options?.['firstStreamId'];
    return {
      sent: (frame, { n, session, role, resent }) => {
        if (!isRequest(frame) || resent) return;
        const { streamId } = frame;
        const own = ids.at(session, role);
        const rule = role === 'client' ? 'RSOCKET-STREAMID-01' : 'RSOCKET-STREAMID-02';
        const first = role === 'client' ? 1 : 2;
        const wrapped = own.last === LAST[role];
        const expected = own.last === undefined ? (typeof preset === 'number' ? streamId : first) : wrapped ? first : own.last + 2;
        const right = own.last !== undefined && own.last + 2 < streamId && wrapped ? streamId % 2 === first % 2 : streamId === expected;
        check(right, rule, role, () => `a request on stream ${streamId}, where ${expected} is next`, [n]);
        if (wrapped) check(streamId >= first, 'RSOCKET-STREAMID-05', role, () => `a request on stream ${streamId} after the last id`, [n]);
        const again = own.used.has(streamId) && !wrapped;
        check(!again, 'RSOCKET-STREAMID-04', role, () => `stream ${streamId} was used before`, [n]);
        if (frame.type === 'REQUEST_CHANNEL') {
          check(!again, 'RSOCKET-CHANNEL-01', role, () => `a second REQUEST_CHANNEL on stream ${streamId}`, [n]);
        }
        own.used.add(streamId);
        own.last = streamId;
      },
    };
  },
);
