import type { ClosedEvent } from '../../common/trace.ts';
import { ownMember } from '../../common/value.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Claim, Line } from './end-listener.ts';
import type { EndSession } from './end-session.ts';
import { endInvariant } from './judging.ts';

/** A client's latest attempt, and what is known to have become of it. */
interface Attempt {
  readonly line: Line;
  readonly session: EndSession;
  readonly n: number;
  readonly t: number;
  /** No earlier than this can the session have been made. */
  readonly floor: number;
  answer: Answer;
  answered: number | undefined;
  established: boolean;
  /** Last time an accepted message showed that the server lives. */
  heard: number;
  gap: boolean;
  /** Delivery of an invalid message on the established session. */
  doomed: number | undefined;
  closed: ClosedEvent | undefined;
  /** Attempts of the same session since it last was established. */
  readonly tries: number;
}

/**
 * A client asks for the same session again after any loss of the connection (RIVER-RECON-01, RIVER-RECON-19; before the
 * answer RIVER-RECON-21), and for another one after the session died: by SESSION_STATE_MISMATCH (RIVER-HS-20), another
 * refusal (RIVER-HS-21) or an invalid message (RIVER-RECON-22). Where the session may have died for a reason that the
 * wire does not show, nothing is judged.
 */
export const sessionContinuity = endInvariant(
  'session-continuity',
  ['RIVER-RECON-01', 'RIVER-RECON-19', 'RIVER-RECON-21', 'RIVER-HS-20', 'RIVER-HS-21', 'RIVER-RECON-22'],
  ['client'],
  (role, facts, check) => {
    const attempts = new Map<string, Attempt>();
    /** Connections without any request: a client that could not make its handshake gives its session up (RIVER-HS-29). */
    const mute = new Set<number>();
    let newestFault = -1;
    let left = -1;

    const limitsOf = (clientId: string) => limits({ ...facts.timers, ...ownMember(facts.clientTimers, clientId) });
    const excused = ({ answer, session, closed, doomed, floor, established, tries, line }: Attempt, { event }: Claim): boolean => {
      const { t } = event;
      const { grace, safe } = limitsOf(session.clientId);
      if (closed === undefined || session.murky || session.perhapsDead || doomed !== undefined || (answer !== 'none' && answer !== 'ok'))
        return true;
      if (left > session.since.n || facts.options?.['transparentReconnects'] === false) return true;
      if ([...mute].some((connection) => connection > line.connection && connection !== event.connection)) return true;
      if (t - (established ? Math.min(session.since.t, closed.t) : floor) > 0.8 * grace) return true;
      if ((newestFault > closed.n || tries > 1) && t - closed.t > safe) return true;
      return closed.by === role && !mayClose(attempts.get(session.clientId), closed);
    };
    /** The client had a reason to close that leaves the session alive. */
    const mayClose = (attempt: Attempt | undefined, closed: ClosedEvent): boolean => {
      if (attempt === undefined) return false;
      const { silence, patience } = limitsOf(attempt.session.clientId);
      return attempt.gap || (attempt.established ? closed.t - attempt.heard >= silence : closed.t - attempt.t >= patience);
    };
    const lossRule = ({ established, closed }: Attempt): string => {
      if (!established) return 'RIVER-RECON-21';
      return closed?.how === 'close' ? 'RIVER-RECON-19' : 'RIVER-RECON-01';
    };
    const judgeSame = (before: Attempt, { event, session }: Claim): void => {
      const events = [event.n, before.answered];
      const again = (why: string) => () => `session ${session.sessionId} is asked for again ${why}`;
      const { answer, closed } = before;
      if (answer === 'mismatch') check(false, 'RIVER-HS-20', role, again('after SESSION_STATE_MISMATCH'), events);
      else if (answer === 'fatal') check(false, 'RIVER-HS-21', role, again('after the server refused it for good'), events);
      else if (before.doomed !== undefined && closed?.by === role) {
        check(false, 'RIVER-RECON-22', role, again('although an invalid message had destroyed it'), [event.n, before.doomed]);
      } else check(true, lossRule(before), role);
    };
    const judgeOther = (before: Attempt, claim: Claim): void => {
      const { event, session } = claim;
      if (before.answer === 'mismatch') check(true, 'RIVER-HS-20', role);
      if (before.answer === 'fatal') check(true, 'RIVER-HS-21', role);
      if (before.doomed !== undefined) check(true, 'RIVER-RECON-22', role);
      if (excused(before, claim)) return;
      const what = () => `session ${session.sessionId} is asked for although session ${before.session.sessionId} was only disconnected`;
      check(false, lossRule(before), role, what, [event.n, before.closed?.n]);
    };
    return {
      observe: (event) => {
        if (event.type === 'fault') newestFault = event.n;
        else if (event.type === 'opened') mute.add(event.connection);
        else if (event.type === 'sent' && event.from === role) mute.delete(event.connection);
        else if (event.type === 'application' && event.role === role && event.event.kind === 'disconnect') left = event.n;
        else if (event.type === 'delivered' && event.to === role && event.decoded !== undefined) {
          for (const attempt of attempts.values()) {
            if (attempt.line.connection !== event.connection || attempt.answer !== 'none') continue;
            attempt.answer = readAnswer(event.decoded, attempt.session.sessionId);
            attempt.answered = event.n;
          }
        }
      },
      claimed: (claim) => {
        const { event, line, session } = claim;
        const before = attempts.get(session.clientId);
        const shared = facts.clientIds.filter((id) => id === session.clientId).length > 1;
        if (before !== undefined && !shared) (before.session === session ? judgeSame : judgeOther)(before, claim);
        const same = before?.session === session;
        attempts.set(session.clientId, {
          ...{ line, session, n: event.n, t: event.t, heard: event.t, gap: false, closed: undefined, doomed: undefined },
          ...{ answer: 'none' as const, answered: undefined, established: false },
          floor: same ? before.floor : (before?.closed?.t ?? before?.heard ?? 0),
          tries: same && !before.established ? before.tries + 1 : 1,
        });
      },
      established: (line, session) => {
        const attempt = attempts.get(session.clientId);
        if (attempt?.line === line && attempt.session === session) attempt.established = true;
      },
      receiving: ({ event, line, session, fate }) => {
        const attempt = attempts.get(session.clientId);
        if (attempt?.line !== line) return;
        if (fate === 'accepted' || fate === 'repeated') attempt.heard = event.t;
        if (fate === 'gap') attempt.gap = true;
      },
      doomed: (line, session) => {
        const attempt = attempts.get(session.clientId);
        if (attempt?.line === line) attempt.doomed = session.doom?.n;
      },
      closed: (line, event) => {
        for (const attempt of attempts.values()) {
          if (attempt.line === line) attempt.closed ??= event;
        }
      },
      forget: ({ isOver }) => {
        for (const [clientId, { line }] of attempts) if (isOver(line.connection)) attempts.delete(clientId);
        for (const connection of mute) if (isOver(connection)) mute.delete(connection);
      },
    };
  },
);

/** How long, in ms of the run, the things take that a client may do; cautious, for blame only. */
function limits(timers: Readonly<Record<string, number>>): { grace: number; silence: number; patience: number; safe: number } {
  const grace = timers['sessionDisconnectGraceMs'] ?? 0;
  const interval = timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY;
  return {
    grace,
    silence: 0.8 * interval * (timers['heartbeatsUntilDead'] ?? 2),
    patience: 0.8 * (timers['handshakeTimeoutMs'] ?? Number.POSITIVE_INFINITY),
    // Within this time no client has used up its attempts, seen and unseen, even without a wait before the first.
    safe: (2 ** ((timers['attemptBudgetCapacity'] ?? 5) - 2) - 1) * (timers['baseIntervalMs'] ?? grace / 40),
  };
}
