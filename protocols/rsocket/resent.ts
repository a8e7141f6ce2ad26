import { bodyLength, endOf, type Role } from '../common/frame.ts';
import type { TraceEvent } from '../common/trace.ts';
import { isTracked, type RSocketFrame } from './frame.ts';
import { followSessions } from './session-of.ts';

/** Tells frames that an end sends again after a resumption from those that it sends for the first time. */
export interface Resent {
  observe(event: TraceEvent<RSocketFrame>): void;
  /** Whether the event last observed was a frame sent again. */
  isResent(): boolean;
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
  const counts = new Map<string, Count>();
  const asked = new Map<number, number>();
  let resent = false;
  const countOf = (session: number, from: Role): Count => {
    const key = `${session} ${from}`;
    const found = counts.get(key) ?? { at: 0, high: 0 };
    counts.set(key, found);
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
  };
}
