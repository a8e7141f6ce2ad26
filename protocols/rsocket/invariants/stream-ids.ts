import { isRequest } from '../frame.ts';
import { frameInvariant, Table } from './judging.ts';

interface Ids {
  last: number | undefined;
  /** It has begun anew after its last id; ids in use are left out from then on. */
  wrapped: boolean;
  /** Ids from the first one on without a gap, and those beside them. */
  from: number;
  to: number;
  readonly used: Set<number>;
}

/** Notes an id as used; what comes in order takes no room, however long it goes on. */
function note(own: Ids, streamId: number): void {
  if (own.to < 0) own.from = streamId;
  else if (streamId !== own.to + 2) {
    own.used.add(streamId);
    return;
  }
  own.to = streamId;
}

/** The highest id of each end (RSOCKET-STREAMID-05). */
const LAST = { client: 0x7f_ff_ff_ff, server: 0x7f_ff_ff_fe } as const;

/** Ids of requests: odd from clients and even from servers, ascending by 2, none twice before the last was used. */
export const streamIds = frameInvariant(
  'stream-ids',
  ['RSOCKET-STREAMID-01', 'RSOCKET-STREAMID-02', 'RSOCKET-STREAMID-04', 'RSOCKET-STREAMID-05', 'RSOCKET-CHANNEL-01'],
  (check, facts) => {
    const ids = new Table<Ids>(() => ({ last: undefined, wrapped: false, from: 0, to: -1, used: new Set() }));
    const preset = typeof facts.options?.['firstStreamId'] === 'number';
    return {
      sent: (frame, { n, session, role, resent }) => {
        if (!isRequest(frame) || resent) return;
        const { streamId } = frame;
        const own = ids.at(session, role);
        const first = role === 'client' ? 1 : 2;
        if (own.last === LAST[role]) {
          own.wrapped = true;
          own.used.clear();
          own.to = -1;
          own.last = undefined;
        }
        const parity = streamId % 2 === first % 2 && streamId > 0;
        if (own.wrapped) {
          const right = parity && streamId > (own.last ?? 0);
          check(right, 'RSOCKET-STREAMID-05', role, () => `a request on stream ${streamId} after the last id was used`, [n]);
        } else {
          const next = own.last === undefined ? first : own.last + 2;
          const right = streamId === next || (own.last === undefined && preset && parity);
          const rule = role === 'client' ? 'RSOCKET-STREAMID-01' : 'RSOCKET-STREAMID-02';
          check(right, rule, role, () => `a request on stream ${streamId}, where ${next} is next`, [n]);
        }
        const again = own.used.has(streamId) || (streamId % 2 === own.from % 2 && streamId >= own.from && streamId <= own.to);
        check(!again, 'RSOCKET-STREAMID-04', role, () => `stream ${streamId} was used before`, [n]);
        if (frame.type === 'REQUEST_CHANNEL') {
          check(!again, 'RSOCKET-CHANNEL-01', role, () => `a second REQUEST_CHANNEL on stream ${streamId}`, [n]);
        }
        note(own, streamId);
        own.last = streamId;
      },
      forget: ({ isSessionOver }) => ids.drop((_, session) => isSessionOver(session)),
    };
  },
);
