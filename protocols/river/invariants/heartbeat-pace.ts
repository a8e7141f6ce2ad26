import { isHeartbeat } from '../validate.ts';
import type { Line } from './end-listener.ts';
import { endInvariant } from './judging.ts';

/** Heartbeats that timers and transport may bring together without any being an answer. */
const SLACK = 2;

/** A server's heartbeats come from its timer alone; it does not answer those of the client (RIVER-HB-05). */
export const heartbeatPace = endInvariant('heartbeat-pace', ['RIVER-HB-05'], ['server'], (role, facts, check) => {
  const interval = facts.timers['heartbeatIntervalMs'] ?? 0;
  const counts = new Map<Line, number>();
  const echoes = new Map<Line, number>();
  return {
    receiving: ({ message, event, line }) => {
      if (isHeartbeat(message)) echoes.set(line, event.n);
    },
    sending: ({ event, message, line, fresh }) => {
      if (!fresh || !isHeartbeat(message) || line.established === undefined || interval <= 0) return;
      const count = (counts.get(line) ?? 0) + 1;
      counts.set(line, count);
      const due = Math.floor((event.t - line.established.t) / interval);
      const answered = echoes.get(line);
      // Without a heartbeat of the client there is nothing it could have answered.
      if (answered === undefined) return;
      const what = () => `heartbeat ${count} on this connection, but its timer explains ${due}; a server does not answer heartbeats`;
      check(count <= due + SLACK, 'RIVER-HB-05', role, what, [event.n, answered]);
    },
  };
});
