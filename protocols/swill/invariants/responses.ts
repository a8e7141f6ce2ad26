import { forgetConnections } from '../../common/judging.ts';
import { ownMember } from '../../common/value.ts';
import { streamsDown, streamsUp } from '../calls.ts';
import type { RequestFrame, ResponseFrame, SwillFrame } from '../frame.ts';
import { forgetRequests, frameInvariant, type Requested, type Where } from './judging.ts';

/** A request as far as its server has answered it. */
interface Known extends Requested {
  readonly rpc: string;
  /** The frame that ended it: undefined while it goes on. */
  final: ResponseFrame['type'] | undefined;
  led: boolean;
  spoke: boolean;
  /**
   * Its client has sent a second opening under its seq, of a single request or with another name: by then it may have been over at its
   * server, or not. Or an ERROR came that may answer what is no frame (P3). Nobody can tell whose the frames are that follow.
   */
  muddled: boolean;
}

/** What servers send for requests: their seq, one final frame, nothing behind it, metadata in its place. */
export const responses = frameInvariant(
  'responses',
  [
    ...(['SWILL-WIRE-07', 'SWILL-REQ-02', 'SWILL-REQ-03', 'SWILL-ERR-06', 'SWILL-STREAM-11', 'SWILL-META-08', 'SWILL-META-11'] as const),
    'SWILL-META-12',
  ],
  (check, facts) => {
    const known = new Map<string, Known>();
    /** Connections on which a client sent what is no frame: that may be answered by a seq, whatever became of its request (P3). */
    const broken = new Set<number>();
    /** By connection, the highest seq of a request that was let go of: whether a frame behind its end belongs to it is not known any more. */
    const forgotten = new Map<number, number | bigint>();
    const judge = (frame: SwillFrame, where: Where): void => {
      const { n, role, key, connection } = where;
      if (frame.from !== 'server') return;
      const request = known.get(key);
      if (request === undefined) {
        const past = forgotten.get(connection);
        // A broken frame is answered by its seq, if at all (P3).
        if (frame.type !== 'ERROR' && (past === undefined || frame.seq > past))
          check(false, 'SWILL-WIRE-07', role, () => `nobody asked for seq ${frame.seq} on connection ${connection}`, [n]);
        return;
      }
      request.n = n;
      check(true, 'SWILL-WIRE-07', role);
      if (request.muddled) return;
      const kind = ownMember(facts.procedureKinds, request.rpc);
      if (request.final !== undefined) {
        if (frame.type === 'ERROR' && broken.has(connection)) return;
        const requirement = request.final === 'ERROR' ? 'SWILL-ERR-06' : 'SWILL-REQ-03';
        check(false, requirement, role, () => `${frame.type} behind the ${request.final} that ended the request`, [n]);
        return;
      }
      const single = kind !== undefined && !streamsDown(kind);
      if (single && frame.type === 'END_OF_STREAM')
        check(false, 'SWILL-REQ-02', role, () => `${request.rpc} answers one message, not a stream`, [n]);
      const isFinal = frame.type === 'END_OF_STREAM' || frame.type === 'ERROR' || (single && frame.type === 'MESSAGE');
      if (frame.leading !== null) {
        check(!request.led, 'SWILL-META-08', role, () => 'leading metadata a second time', [n]);
        check(!request.spoke, 'SWILL-META-08', role, () => 'leading metadata behind the first data', [n]);
        request.led = true;
      }
      if (frame.trailing !== null) {
        if (single) check(frame.type === 'MESSAGE', 'SWILL-META-12', role, () => `trailing metadata on ${frame.type}`, [n]);
        else check(frame.type === 'END_OF_STREAM', 'SWILL-META-11', role, () => `trailing metadata on ${frame.type}`, [n]);
      }
      if (frame.type === 'MESSAGE') request.spoke = true;
      if (!isFinal) return;
      if (frame.type === 'ERROR' && broken.has(connection)) {
        request.muddled = true;
        return;
      }
      request.final = frame.type;
      check(true, 'SWILL-REQ-03', role);
      if (frame.type === 'ERROR') check(true, 'SWILL-ERR-06', role);
      else check(true, single ? 'SWILL-REQ-02' : 'SWILL-STREAM-11', role);
    };
    return {
      broken: (_error, { role, connection }) => {
        if (role === 'client') broken.add(connection);
      },
      received: (frame, where) => {
        const { key } = where;
        if (frame.from !== 'client' || (frame.type !== 'MESSAGE' && frame.type !== 'METADATA')) return;
        const before = known.get(key);
        // A seq may be used again once its request is over (SWILL-SEQ-05). Of a stream of requests that may as well be an item that came late,
        // and several of those may begin as many requests (SWILL-STREAM-06).
        if (before === undefined) known.set(key, opened(frame, where));
        else if (before.final !== undefined && !before.muddled)
          known.set(key, { ...opened(frame, where), muddled: streamsUp(ownMember(facts.procedureKinds, frame.rpc) ?? '') });
        else if (frame.rpc !== before.rpc || !streamsUp(ownMember(facts.procedureKinds, before.rpc) ?? '')) before.muddled = true;
      },
      sent: judge,
      forget: (past) => {
        for (const { connection, seq } of forgetRequests(known, past, ({ final }) => final !== undefined)) {
          const before = forgotten.get(connection);
          if (before === undefined || seq > before) forgotten.set(connection, seq);
        }
        for (const each of [broken, forgotten]) forgetConnections(each, past);
      },
    };
  },
);

function opened({ rpc, seq }: RequestFrame, { connection, n }: Where): Known {
  // What has the reserved seq opens nothing, and each message of it may be refused (SWILL-SEQ-04).
  return { rpc, connection, seq, n, final: undefined, led: false, spoke: false, muddled: BigInt(seq) === 0n };
}
