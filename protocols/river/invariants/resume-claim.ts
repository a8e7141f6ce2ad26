import { endInvariant } from './judging.ts';

/**
 * The numbers of a handshake request: `nextExpectedSeq` is how many messages the client has accepted, `nextSentSeq` its
 * oldest unacknowledged message; both are 0 for a new session (RIVER-HS-04).
 */
export const resumeClaim = endInvariant('resume-claim', ['RIVER-HS-04'], ['client'], (role, _facts, check) => ({
  claimed: ({ event, line, session, request, accepted, oldest }) => {
    if (session.murky) return;
    const { nextExpectedSeq, nextSentSeq } = request.expectedSessionState;
    if (!line.resumed) {
      const what = () => `a new session asks for ${nextExpectedSeq}/${nextSentSeq}; it must say 0/0`;
      check(nextExpectedSeq === 0 && nextSentSeq === 0, 'RIVER-HS-04', role, what, [event.n]);
      return;
    }
    const { low, high } = accepted;
    const expected = () => `nextExpectedSeq is ${nextExpectedSeq}; the client has accepted ${range(low, high)} messages`;
    if (!check(nextExpectedSeq >= low && nextExpectedSeq <= high, 'RIVER-HS-04', role, expected, [event.n])) return;
    const sent = () => `nextSentSeq is ${nextSentSeq}; the oldest unacknowledged message is ${range(oldest.low, oldest.high)}`;
    check(nextSentSeq >= oldest.low && nextSentSeq <= oldest.high, 'RIVER-HS-04', role, sent, [event.n]);
  },
}));

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
