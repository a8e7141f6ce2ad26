import { forgetConnections } from '../../common/judging.ts';
import { ownMember } from '../../common/value.ts';
import { streamsUp } from '../calls.ts';
import { forgetRequests, frameInvariant, type Requested } from './judging.ts';

/** What is known of a request that a client opened. */
interface Known extends Requested {
  readonly rpc: string;
  ended: boolean;
  over: boolean;
}

/** What clients send for their requests: fresh seqs, one end, and nothing behind it. */
export const requests = frameInvariant(
  'requests',
  [...(['SWILL-SEQ-01', 'SWILL-SEQ-03', 'SWILL-STREAM-02', 'SWILL-STREAM-04', 'SWILL-META-02', 'SWILL-META-05'] as const), 'SWILL-WIRE-01'],
  (check, facts) => {
    const known = new Map<string, Known>();
    const highest = new Map<number, number | bigint>();
    return {
      received: (frame, { n, key }) => {
        const request = known.get(key);
        if (request === undefined || frame.from !== 'server') return;
        request.n = n;
        const single = ownMember(facts.procedureKinds, request.rpc)?.endsWith('-single') === true;
        if (frame.type === 'ERROR' || frame.type === 'END_OF_STREAM' || (frame.type === 'MESSAGE' && single)) request.over = true;
      },
      sent: (frame, { n, role, connection, key }) => {
        if (frame.from !== 'client') return;
        const request = known.get(key);
        const opens = frame.type === 'MESSAGE' || frame.type === 'METADATA';
        if (request === undefined) {
          if (!opens) return;
          const before = highest.get(connection);
          check(
            before === undefined || frame.seq > before,
            'SWILL-SEQ-01',
            role,
            () => `a new request has the seq ${frame.seq}, and there was ${before} before`,
            [n],
          );
          highest.set(connection, frame.seq);
          known.set(key, { rpc: frame.rpc, ended: false, over: false, connection, seq: frame.seq, n });
          if (frame.metadata !== null) check(true, 'SWILL-META-02', role);
          return;
        }
        request.n = n;
        check(frame.rpc === request.rpc, 'SWILL-SEQ-03', role, () => `seq ${frame.seq} belongs to ${request.rpc}, not to ${frame.rpc}`, [
          n,
        ]);
        check(frame.metadata === null, 'SWILL-META-05', role, () => 'metadata on a later frame', [n]);
        check(frame.type !== 'METADATA', 'SWILL-META-05', role, () => 'METADATA behind the first frame', [n]);
        const kind = ownMember(facts.procedureKinds, frame.rpc);
        if (kind !== undefined && !streamsUp(kind) && opens)
          check(false, 'SWILL-SEQ-01', role, () => `a second ${frame.type} for one request of ${frame.rpc}`, [n]);
        if (frame.type === 'END_OF_STREAM') {
          check(!request.ended, 'SWILL-STREAM-02', role, () => 'the request had been ended before', [n]);
          request.ended = true;
        } else if (frame.type === 'CLOSE') request.ended = true;
        else check(!request.ended, 'SWILL-STREAM-04', role, () => `${frame.type} behind the end of the request`, [n]);
      },
      forget: (past) => {
        forgetRequests(known, past, ({ over }) => over);
        forgetConnections(highest, past);
      },
    };
  },
);
