import type { ClosedEvent } from '../../common/trace.ts';
import { isRehandshake } from '../validate.ts';
import type { Decision, Line } from './end-listener.ts';
import { oldestUnacknowledged } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * When a server resumes: not where the client claims what the server does not have (RIVER-HS-11) or is in the future
 * (RIVER-HS-12), not where the server itself is in the future (RIVER-HS-13), not after an invalid message destroyed the
 * session (RIVER-RECON-22); and always where both numbers agree (RIVER-RECON-06).
 */
export const resumeDecision = endInvariant(
  'resume-decision',
  ['RIVER-HS-11', 'RIVER-HS-12', 'RIVER-HS-13', 'RIVER-RECON-06', 'RIVER-RECON-22'],
  ['server'],
  (role, facts, check) => {
    const grace = facts.timers['sessionDisconnectGraceMs'] ?? 0;
    /** By client id: the connection that last carried its session, and how that one ended. */
    const last = new Map<string, { line: Line; closed: ClosedEvent | undefined; doubtful: boolean }>();
    /** Clients whose session may have been torn down for reasons of its own. */
    const rivals = new Map<string, string>();

    const mustRefuse = ({ event, line, request, known, undecided, forgotten: longAgo }: Decision): void => {
      const { nextExpectedSeq, nextSentSeq } = request.expectedSessionState;
      const n = line.request?.n;
      if (nextExpectedSeq === 0 && nextSentSeq === 0) return;
      if (known === undefined || known.sessionId !== request.sessionId) {
        const what = () =>
          `session ${request.sessionId} is resumed at ${nextExpectedSeq}/${nextSentSeq}, but the server has no such session`;
        // A number below 0 claims nothing.
        if (!longAgo && (nextExpectedSeq > 0 || nextSentSeq > 0)) check(false, 'RIVER-HS-11', role, what, [event.n, n]);
        return;
      }
      if (known.murky) return;
      const closed = last.get(known.clientId)?.closed;
      if (known.doom !== undefined) {
        if (closed?.by !== 'server') return;
        const what = () => `session ${request.sessionId} is resumed although an invalid message had destroyed it`;
        check(false, 'RIVER-RECON-22', role, what, [event.n, known.doom?.n]);
        return;
      }
      const { acceptedHigh } = known;
      const future = () =>
        `the client offers seq ${nextSentSeq} next, but the server has accepted ${acceptedHigh} messages at most; it must refuse`;
      check(nextSentSeq <= acceptedHigh, 'RIVER-HS-12', role, future, [event.n, n]);
      const { low } = oldestUnacknowledged(known, { low: known.acceptedLow, high: known.acceptedHigh });
      const forgotten = () =>
        `the client expects seq ${nextExpectedSeq}, but everything below ${low} was acknowledged; the server must refuse`;
      check(undecided || nextExpectedSeq >= low, 'RIVER-HS-13', role, forgotten, [event.n, n]);
    };

    const mustResume = ({ event, line, request, known, undecided }: Decision): void => {
      const { nextExpectedSeq, nextSentSeq } = request.expectedSessionState;
      if (facts.options?.['transparentReconnects'] === false) return;
      if (known === undefined || known.sessionId !== request.sessionId || undecided) return;
      if (known.murky || known.perhapsDead || known.doom !== undefined) return;
      const before = last.get(known.clientId);
      if (before === undefined || before.doubtful || rivals.get(known.clientId) !== known.sessionId) return;
      const { closed } = before;
      if (closed !== undefined && (closed.by === 'server' || event.t - closed.t > 0.8 * grace)) return;
      const { high } = oldestUnacknowledged(known, { low: known.acceptedLow, high: known.acceptedHigh });
      if (nextSentSeq > known.acceptedLow || high > nextExpectedSeq) return;
      const what = () => `the resume at ${nextExpectedSeq}/${nextSentSeq} is refused although the session lives and both numbers agree`;
      check(false, 'RIVER-RECON-06', role, what, [event.n, line.request?.n]);
    };

    const holdsOf = ({ request, known }: Decision): void => {
      const { nextExpectedSeq, nextSentSeq } = request.expectedSessionState;
      if (known === undefined || known.sessionId !== request.sessionId) {
        if (nextExpectedSeq > 0 || nextSentSeq > 0) check(true, 'RIVER-HS-11', role);
      } else if (nextSentSeq > known.acceptedHigh) check(true, 'RIVER-HS-12', role);
      else if (known.doom !== undefined) check(true, 'RIVER-RECON-22', role);
    };

    return {
      observe: (event) => {
        // A handshake that names another session may destroy the old one even where it is refused (RIVER-RECON-13).
        if (event.type !== 'delivered' || event.to !== role || !event.decoded?.ok) return;
        const { from, payload } = event.decoded.message;
        const asked = sessionAsked(payload);
        if (asked !== undefined) rivals.set(from, asked === (rivals.get(from) ?? asked) ? asked : '');
      },
      deciding: (decision) => {
        const { status } = decision.response;
        if (status.ok) {
          mustRefuse(decision);
          if (decision.known?.sessionId === decision.request.sessionId) check(true, 'RIVER-RECON-06', role);
          rivals.set(decision.line.request?.message.from ?? '', decision.request.sessionId);
        } else if (status.code === 'SESSION_STATE_MISMATCH') {
          mustResume(decision);
          holdsOf(decision);
        }
      },
      established: (line, session) => {
        const before = last.get(session.clientId);
        const doubtful = before?.line.session === session && before.doubtful;
        last.set(session.clientId, { line, closed: undefined, doubtful });
      },
      sending: ({ message, session }) => {
        const entry = last.get(session.clientId);
        if (entry !== undefined && isRehandshake(message)) entry.doubtful = true;
      },
      receiving: ({ message, session }) => {
        const entry = last.get(session.clientId);
        if (entry !== undefined && isRehandshake(message)) entry.doubtful = true;
      },
      closed: (line, event) => {
        const entry = last.get(line.session?.clientId ?? '');
        if (entry?.line === line) entry.closed = event;
      },
      forget: ({ isOver }) => {
        for (const [clientId, { line }] of last) {
          if (!isOver(line.connection)) continue;
          last.delete(clientId);
          rivals.delete(clientId);
        }
      },
    };
  },
);

function sessionAsked(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { type, sessionId } = payload as { readonly type?: unknown; readonly sessionId?: unknown };
  return type === 'HANDSHAKE_REQ' && typeof sessionId === 'string' ? sessionId : undefined;
}
