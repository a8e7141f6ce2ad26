import { forgetConnections } from '../../common/judging.ts';
import { quietSince } from '../../common/quiet-since.ts';
import { sameValue } from '../../common/value.ts';
import { FLAG, has, type SetupFrame } from '../frame.ts';
import { Arrived } from './arrived.ts';
import { frameInvariant, Table } from './judging.ts';

interface Asked {
  readonly n: number;
  readonly t: number;
  readonly data: Uint8Array;
  /** Whether it belongs to a stream, which no KEEPALIVE does (RSOCKET-STREAMID-03): it may be answered or not. */
  readonly isStray: boolean;
}

/** KEEPALIVE: answered with its data and only where asked, with the sender's own position. */
export const keepalive = frameInvariant(
  'keepalive',
  ['RSOCKET-KEEPALIVE-02', 'RSOCKET-KEEPALIVE-03', 'RSOCKET-KEEPALIVE-04', 'RSOCKET-RESUME-04'],
  (check, facts) => {
    const asked = new Table<{ waiting: Asked[] }>(() => ({ waiting: [] }));
    const resumable = new Set<number>();
    const arrived = new Arrived();
    const quiet = quietSince();
    const alive = new Map<number, boolean>();
    return {
      any: (event) => {
        quiet.observe(event);
        if (event.type === 'opened') alive.set(event.connection, true);
        if (event.type === 'closed') alive.set(event.connection, false);
      },
      forget: ({ isOver }) => {
        asked.drop((_, connection) => isOver(connection));
        forgetConnections(alive, { isOver });
        arrived.forget({ isOver });
      },
      received: (frame, where) => {
        const { n, t, connection, session, role } = where;
        if (frame.type === 'KEEPALIVE' && has(frame, FLAG.RESPOND))
          asked.at(connection, role).waiting.push({ n, t, data: frame.data, isStray: frame.streamId !== 0 });
        // Without resumption nobody tells positions.
        if (resumable.has(session)) arrived.received(frame, where);
      },
      sent: (frame, where) => {
        const { n, connection, session, role } = where;
        if (frame.type === 'SETUP' && (frame as SetupFrame).token !== undefined) resumable.add(session);
        arrived.sent(frame, where);
        if (frame.type !== 'KEEPALIVE') return;
        const position = Number(frame.position);
        if (resumable.has(session)) {
          const wrong = arrived.tell(position, where);
          check(wrong === undefined, 'RSOCKET-RESUME-04', role, () => wrong ?? '', [n]);
        } else {
          check(position === 0, 'RSOCKET-KEEPALIVE-04', role, () => `a position of ${position} without resumption`, [n]);
        }
        if (has(frame, FLAG.RESPOND)) return;
        const due = answered(asked.at(connection, role).waiting, frame.data);
        if (due === undefined) {
          check(false, 'RSOCKET-KEEPALIVE-03', role, () => 'an answer to a KEEPALIVE that asked for none, or was answered', [n]);
          return;
        }
        check(true, 'RSOCKET-KEEPALIVE-03', role);
        check(sameValue(due.data, frame.data), 'RSOCKET-KEEPALIVE-02', role, () => 'an answer with other data than its KEEPALIVE', [
          n,
          due.n,
        ]);
      },
      finish: () => {
        const interval = facts.timers['keepaliveMs'] ?? Number.POSITIVE_INFINITY;
        for (const connection of alive.keys()) {
          for (const role of ['client', 'server'] as const) {
            for (const { n, t, isStray } of asked.find(connection, role)?.waiting ?? []) {
              const due = !isStray && alive.get(connection) === true && quiet.now().t - t > interval && quiet.since(connection, n);
              if (due) check(false, 'RSOCKET-KEEPALIVE-02', role, () => 'a KEEPALIVE that asked for an answer got none', [n]);
            }
          }
        }
      },
    };
  },
);

/** What a KEEPALIVE with these data answers, taken out of what waits, with what strayed before it and is not answered. */
function answered(waiting: Asked[], data: Uint8Array): Asked | undefined {
  const at = waiting.findIndex((each) => !each.isStray || sameValue(each.data, data));
  return waiting.splice(0, at < 0 ? waiting.length : at + 1)[at];
}
