import { quietSince } from '../../common/quiet-since.ts';
import { isHeartbeat } from '../validate.ts';
import type { Line } from './end-listener.ts';
import type { EndSession } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * On a resumed connection an end first repeats exactly its unacknowledged messages, in order, and then goes on with
 * new ones (RIVER-RECON-02 for the client, RIVER-RECON-03 for the server; RIVER-SEQ-07 for what was acknowledged;
 * RIVER-HB-02 where the message left out is a heartbeat).
 */
export const retransmission = endInvariant(
  'retransmission',
  ['RIVER-RECON-02', 'RIVER-RECON-03', 'RIVER-SEQ-07', 'RIVER-HB-02'],
  ['client', 'server'],
  (role, facts, check) => {
    const requirement = role === 'client' ? 'RIVER-RECON-02' : 'RIVER-RECON-03';
    const quiet = quietSince();
    const resumed = new Map<Line, EndSession>();
    const skipped = (session: EndSession, missing: number, n: number, what: string): void => {
      const lost = session.sent.get(missing);
      const heartbeat = lost !== undefined && isHeartbeat(lost.message);
      check(false, requirement, role, () => what, [n, lost?.n]);
      if (heartbeat) check(false, 'RIVER-HB-02', role, () => `${what}: a heartbeat is buffered like any message`, [n, lost.n]);
    };
    const judgeSilence = (line: Line, now: number, n: number): void => {
      const session = resumed.get(line);
      resumed.delete(line);
      const { established, start } = line;
      const claimed = line.request?.payload.expectedSessionState.nextExpectedSeq ?? 0;
      if (session === undefined || established === undefined || start === undefined || session.murky || session.doom) return;
      const oldest = role === 'server' ? Math.max(start.high, claimed) : start.high;
      const patience = 2 * (facts.timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY);
      if (oldest >= session.nextSeq || now - established.t < patience || !quiet.since(line.connection, established.n)) return;
      skipped(session, oldest, n, `nothing was sent after the resume of session ${session.sessionId}; seq ${oldest} is unacknowledged`);
    };
    return {
      observe: quiet.observe,
      established: (line, session) => {
        if (line.resumed) resumed.set(line, session);
      },
      sending: ({ event, message, line, session, fresh, start, before }) => {
        if (session.murky || !line.resumed) return;
        if (!fresh && isHeartbeat(message)) check(true, 'RIVER-HB-02', role);
        const { seq } = message;
        if (start !== undefined) {
          if (seq > start.high) {
            skipped(session, start.high, event.n, `the resumed connection starts with seq ${seq}; seq ${start.high} is unacknowledged`);
          } else {
            check(true, requirement, role);
            const what = () => `seq ${seq} is sent again although everything below ${start.low} was acknowledged`;
            check(seq >= start.low, 'RIVER-SEQ-07', role, what, [event.n, session.sent.get(seq)?.n]);
          }
        } else if (before.next !== undefined && before.next < before.nextSeq) {
          const { next } = before;
          if (seq === next) check(true, requirement, role);
          else skipped(session, next, event.n, `seq ${seq} is sent where seq ${next} must be repeated first`);
        }
      },
      closed: (line, event) => judgeSilence(line, event.t, event.n),
      finish: () => {
        for (const line of [...resumed.keys()]) judgeSilence(line, quiet.now().t, quiet.now().n);
      },
    };
  },
);
