import type { Role } from '../../common/frame.ts';
import { peerOf } from '../../common/frame.ts';
import { forgetConnections } from '../../common/judging.ts';
import { sameValue } from '../../common/value.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { isTracked, type ResumeFrame, type SetupFrame } from '../frame.ts';
import { frameInvariant, Table } from './judging.ts';

/** A tracked frame as it was first sent. */
interface Original {
  readonly at: number;
  readonly n: number;
  readonly bytes: Uint8Array;
}

/** One direction of a session. */
interface Direction {
  /** Position of the next byte that its sender sends, and the furthest it came. */
  at: number;
  high: number;
  readonly originals: Original[];
  /** Position from which on they are all kept. */
  keptFrom: number;
  /** Bytes that have arrived at the other end, ever: an upper bound of what it may report. */
  arrived: number;
  /** Position at which what arrives on the present connection began. */
  arriving: number;
}

/** Resumption: RESUME alone, with what SETUP said; positions that are true; exactly what was not received is sent again. */
export const resume = frameInvariant(
  'resume',
  [
    'RSOCKET-RESUME-01',
    'RSOCKET-RESUME-02',
    'RSOCKET-RESUME-03',
    'RSOCKET-RESUME-05',
    'RSOCKET-RESUME-06',
    'RSOCKET-RESUME-07',
    'RSOCKET-RESUME-08',
  ],
  (check) => {
    const setups = new Map<number, SetupFrame>();
    const begun = new Set<number>();
    const asked = new Map<number, { readonly frame: ResumeFrame; readonly n: number; answered: boolean; arrived: boolean }>();
    const refused = new Map<string, number>();
    const directions = new Table<Direction>(() => ({ at: 0, high: 0, originals: [], keptFrom: 0, arrived: 0, arriving: 0 }));
    const directionOf = (session: number, from: Role): Direction => directions.at(session, from);
    return {
      forget: ({ before, isOver, isSessionOver }) => {
        directions.drop((_, session) => isSessionOver(session));
        for (const direction of directions.all()) {
          const kept = direction.originals.findIndex((each) => each.n >= before);
          const past = direction.originals.splice(0, kept < 0 ? direction.originals.length : kept);
          if (past.length > 0) direction.keptFrom = direction.originals[0]?.at ?? direction.high;
        }
        for (const each of [asked, begun]) forgetConnections(each, { isOver });
        for (const [connection, { token }] of setups) if (token === undefined && isOver(connection)) setups.delete(connection);
      },
      received: (frame, { connection, session, role, length }) => {
        const request = asked.get(connection);
        if (role === 'client' && frame.type === 'RESUME_OK' && request !== undefined) request.arrived = true;
        if (role === 'client' && frame.type === 'ERROR' && frame.code === ERROR_CODES.REJECTED_RESUME && request !== undefined) {
          refused.set(hex(request.frame.token), connection);
        }
        if (!isTracked(frame)) return;
        const direction = directionOf(session, peerOf(role));
        direction.arriving += length;
        direction.arrived = Math.max(direction.arrived, direction.arriving);
      },
      sent: (frame, { n, connection, session, role, length, event }) => {
        const isFirst = role === 'client' && !begun.has(connection);
        if (isFirst) begun.add(connection);
        if (frame.type === 'SETUP' && isFirst) setups.set(connection, frame);
        const request = asked.get(connection);
        if (frame.type === 'RESUME' && isFirst && frame.streamId === 0) {
          const token = hex(frame.token);
          check(!refused.has(token), 'RSOCKET-RESUME-08', role, () => 'RESUME of a session whose resumption was refused', [n]);
          const original = setups.get(session);
          if (original !== undefined) {
            const same = frame.major === original.major && frame.minor === original.minor;
            check(
              same,
              'RSOCKET-RESUME-02',
              role,
              () => `RESUME of version ${frame.major}.${frame.minor}, after SETUP of ${original.major}.${original.minor}`,
              [n],
            );
          }
          asked.set(connection, { frame, n, answered: false, arrived: false });
          return;
        }
        if (request !== undefined && role === 'client') {
          check(request.arrived, 'RSOCKET-RESUME-01', role, () => `${frame.type} before RESUME_OK`, [n, request.n]);
        }
        if (request !== undefined && role === 'server' && !request.answered) {
          request.answered = true;
          judgeAnswer();
        }
        if (!isTracked(frame)) return;
        const direction = directionOf(session, role);
        const bytes = event.frame.class === 'data' ? event.frame.data : new Uint8Array();
        const { at } = direction;
        if (at < direction.keptFrom) {
          // Whether it is what was sent there is past knowing.
        } else if (at < direction.high) {
          const original = direction.originals.find((each) => each.at === at);
          const same = original !== undefined && sameValue(original.bytes, bytes);
          const what = () => `${frame.type} where the frame at position ${at} is to be sent again`;
          check(same, 'RSOCKET-RESUME-05', role, what, [n, original?.n]);
        } else if (setups.get(session)?.token !== undefined) direction.originals.push({ at, n, bytes });
        direction.at += length;
        direction.high = Math.max(direction.high, direction.at);

        function judgeAnswer(): void {
          if (request === undefined) return;
          const own = directionOf(session, 'server');
          const theirs = directionOf(session, 'client');
          const known = setups.has(session) && session !== connection;
          const serverPosition = Number(request.frame.serverPosition);
          const servable = serverPosition <= own.high && Number(request.frame.clientPosition) <= theirs.arrived;
          if (frame.type !== 'RESUME_OK') {
            const isError = frame.type === 'ERROR' && frame.streamId === 0;
            if (!known) {
              const rejected = isError && frame.code === ERROR_CODES.REJECTED_RESUME;
              check(rejected, 'RSOCKET-RESUME-03', role, () => `${frame.type} answers a token that nobody knows`, [n, request.n]);
            } else if (!servable) {
              const rejected = isError && frame.code === ERROR_CODES.REJECTED_RESUME;
              check(rejected, 'RSOCKET-RESUME-07', role, () => `${frame.type} answers positions that cannot be served`, [n, request.n]);
            }
            return;
          }
          check(known, 'RSOCKET-RESUME-03', role, () => 'RESUME_OK for a token that nobody knows', [n, request.n]);
          if (!known) return;
          check(servable, 'RSOCKET-RESUME-07', role, () => 'RESUME_OK for positions that cannot be served', [n, request.n]);
          const position = Number(frame.position);
          const border = position === theirs.high || position < theirs.keptFrom || theirs.originals.some((each) => each.at === position);
          const truth = position <= theirs.arrived && border;
          check(truth, 'RSOCKET-RESUME-06', role, () => `RESUME_OK of ${position}, where ${theirs.arrived} bytes have arrived`, [n]);
          own.at = serverPosition;
          own.arriving = serverPosition;
          theirs.at = position;
          theirs.arriving = position;
        }
      },
    };
  },
);

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
