import { isHeartbeat } from '../validate.ts';
import type { Line } from './end-listener.ts';
import type { EndSession } from './end-session.ts';
import { endInvariant } from './judging.ts';

/** Heartbeats that timers and transport may bring together without any being an answer. */
const SLACK = 2;

/**
 * A server's heartbeats come from its timer alone; it does not answer those of the client (RIVER-HB-05). What a server writes when
 * its connection is lost, or behind a toxic that swallows it, is first seen when it comes again on the resume: its timer has had all
 * the time since the last heartbeat that was seen before. Nor does anybody see when a slow writer's timer went: what it brings at once
 * after a resume may be what it owed before, so that the session as a whole must have more of them than its time explains.
 */
export const heartbeatPace = endInvariant('heartbeat-pace', ['RIVER-HB-05'], ['server'], (role, facts, check) => {
  const interval = facts.timers['heartbeatIntervalMs'] ?? 0;
  const counts = new WeakMap<Line, number>();
  const echoes = new WeakMap<Line, number>();
  /** When the newest heartbeat of a session was seen, and the one before its present connection. */
  const newest = new WeakMap<EndSession, number>();
  const begun = new WeakMap<Line, number>();
  const ofSession = new Map<EndSession, { beats: number; lines: number }>();
  return {
    established: (line, session) => {
      if (line.established === undefined) return;
      const whole = ofSession.get(session) ?? { beats: 0, lines: 0 };
      ofSession.set(session, { ...whole, lines: whole.lines + 1 });
      begun.set(line, line.resumed ? (newest.get(session) ?? session.since.t) : line.established.t);
    },
    receiving: ({ message, event, line }) => {
      if (isHeartbeat(message)) echoes.set(line, event.n);
    },
    sending: ({ event, message, line, session, fresh }) => {
      const since = begun.get(line);
      if (!fresh || !isHeartbeat(message) || since === undefined || interval <= 0) return;
      newest.set(session, event.t);
      const count = (counts.get(line) ?? 0) + 1;
      counts.set(line, count);
      const { beats, lines } = ofSession.get(session) ?? { beats: 0, lines: 1 };
      ofSession.set(session, { beats: beats + 1, lines });
      const isExplained = beats + 1 <= Math.floor((event.t - session.since.t) / interval) + SLACK * lines;
      const due = Math.floor((event.t - since) / interval);
      const answered = echoes.get(line);
      // Without a heartbeat of the client there is nothing it could have answered.
      if (answered === undefined) return;
      const what = () => `heartbeat ${count} on this connection, but its timer explains ${due}; a server does not answer heartbeats`;
      check(count <= due + SLACK || (lines > 1 && isExplained), 'RIVER-HB-05', role, what, [event.n, answered]);
    },
  };
});
