import { forgetConnections } from '../../common/judging.ts';
import { quietSince } from '../../common/quiet-since.ts';
import { FLAG, has } from '../frame.ts';
import { frameInvariant } from './judging.ts';

interface Beat {
  readonly n: number;
  readonly t: number;
  readonly intervalMs: number;
  /** How much later than the interval it came, ms. */
  readonly late: number;
}

/**
 * The client's KEEPALIVE frames come at the interval that its SETUP announced (RSOCKET-KEEPALIVE-01). One that was late may be followed
 * by one that is in time. The interval is the time between KEEPALIVE frames: the first may come at any time before it has passed since
 * the SETUP. Over a connection that resumes a session it counts from the first: when RESUME_OK comes is not the client's affair.
 */
export const keepalivePace = frameInvariant('keepalive-pace', ['RSOCKET-KEEPALIVE-01'], (check) => {
  const last = new Map<number, Beat>();
  /** Of sessions that may be resumed. */
  const intervals = new Map<number, number>();
  const quiet = quietSince();
  return {
    any: (event) => quiet.observe(event),
    forget: (past) => forgetConnections(last, past),
    sent: (frame, { n, t, connection, session, role }) => {
      if (role !== 'client') return;
      if (frame.type === 'SETUP') {
        if (frame.token !== undefined) intervals.set(connection, frame.keepaliveMs);
        last.set(connection, { n, t, intervalMs: frame.keepaliveMs, late: frame.keepaliveMs });
      }
      if (frame.type !== 'KEEPALIVE' || !has(frame, FLAG.RESPOND)) return;
      const before = last.get(connection);
      const intervalMs = intervals.get(session);
      if (before === undefined) {
        if (intervalMs !== undefined) last.set(connection, { n, t, intervalMs, late: intervalMs });
        return;
      }
      const gap = t - before.t;
      last.set(connection, { ...before, n, t, late: Math.max(0, gap - before.intervalMs) });
      if (!quiet.since(connection, before.n)) return;
      const slack = Math.max(0.2 * before.intervalMs, 50);
      const right = gap <= before.intervalMs + slack && gap >= before.intervalMs - slack - before.late;
      const what = () => `KEEPALIVE ${Math.round(gap)} ms after the one before it; the interval is ${before.intervalMs} ms`;
      check(right, 'RSOCKET-KEEPALIVE-01', role, what, [n, before.n]);
    },
  };
});
