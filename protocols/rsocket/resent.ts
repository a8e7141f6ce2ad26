import { bodyLength, endOf, type Role } from '../common/frame.ts';
import type { Past } from '../common/invariant.ts';
import { forgetConnections } from '../common/judging.ts';
import type { TraceEvent } from '../common/trace.ts';
import { isTracked, type RSocketFrame } from './frame.ts';
import { followSessions, type SessionOf } from './session-of.ts';

/** Tells frames that an end sends again after a resumption from those that it sends for the first time. */
export interface Resent {
  observe(event: TraceEvent<RSocketFrame>): void;
  /** Whether the event last observed was a frame sent again. */
  isResent(): boolean;
  /** The sessions that it follows for that. */
  readonly sessions: SessionOf;
  /** Lets go of sessions and connections that are over. */
  forget(past: Past): void;
}

interface Count {
  /** Position of the next byte. */
  at: number;
  /** The furthest that was sent. */
  high: number;
}

/** Counts positions as both ends must (RSOCKET-RESUME-04). */
export function followResent(): Resent {
  const sessions = followSessions();
  /** By session. */
  const counts = { client: new Map<number, Count>(), server: new Map<number, Count>() };
  const asked = new Map<number, number>();
  let resent = false;
  const countOf = (session: number, from: Role): Count => {
    const found = counts[from].get(session) ?? { at: 0, high: 0 };
    counts[from].set(session, found);
    return found;
  };
  return {
    observe: (event) => {
      sessions.observe(event);
      resent = false;
      if (event.type !== 'sent' || !event.decoded?.ok || event.frame.class !== 'data') return;
      const { message: frame } = event.decoded;
      const session = sessions.first(event.connection);
      if (frame.type === 'RESUME') asked.set(event.connection, Number(frame.serverPosition));
      if (frame.type === 'RESUME_OK' && asked.has(event.connection)) {
        countOf(session, 'server').at = asked.get(event.connection) ?? 0;
        countOf(session, 'client').at = Number(frame.position);
      }
      if (!isTracked(frame)) return;
      const count = countOf(session, endOf(event.from));
      resent = count.at < count.high;
      count.at += bodyLength(event.frame);
      count.high = Math.max(count.high, count.at);
    },
    isResent: () => resent,
    sessions,
    forget: (past) => {
      const isOver = (session: number): boolean => sessions.isOver(session, past);
      for (const each of [counts.client, counts.server]) forgetConnections(each, { isOver });
      forgetConnections(asked, past);
      sessions.forget(past);
    },
  };
}
