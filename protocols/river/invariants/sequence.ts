import { endInvariant } from './judging.ts';

/**
 * Each side numbers its messages 0, 1, 2, … within a session and sends new ones in that order (RIVER-SEQ-01); a new
 * session starts at 0 (RIVER-SEQ-13). The order of retransmissions is judged by river/retransmission.
 */
export const sequence = endInvariant('sequence', ['RIVER-SEQ-01', 'RIVER-SEQ-13'], ['client', 'server'], (role, _facts, check) => ({
  sending: ({ event, message, line, session, start, before }) => {
    const { next } = before;
    if (start !== undefined && !line.resumed) {
      check(
        message.seq === 0,
        'RIVER-SEQ-13',
        role,
        () => `the first message of session ${session.sessionId} has seq ${message.seq}; a new session starts at 0`,
        [event.n, line.request?.n],
      );
    } else if (next !== undefined && next >= before.nextSeq) {
      check(
        message.seq === next,
        'RIVER-SEQ-01',
        role,
        () => `seq ${message.seq} follows seq ${next - 1} on connection ${line.connection}; seq ${next} must follow`,
        [event.n, session.sent.get(next - 1)?.n],
      );
    }
  },
}));
