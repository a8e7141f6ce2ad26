import { quietSince } from '../../common/quiet-since.ts';
import type { ApplicationEvent, TraceEvent } from '../../common/trace.ts';
import { frameInvariant } from './judging.ts';
import { StreamBook } from './stream-book.ts';

/**
 * A series of fragments comes to its end (RSOCKET-FRAG-05). That the last one has not come by the end of a run hangs on how long that was: it
 * may be under way behind what is large, where a machine is busy.
 */
export const lastFragment = frameInvariant('last-fragment', ['RSOCKET-FRAG-05'], (check) => {
  const book = new StreamBook();
  const quiet = quietSince();
  const open = new Map<string, { readonly n: number; readonly connection: number; readonly role: 'client' | 'server' }>();
  return {
    any: (event) => {
      quiet.observe(event);
      if (event.type === 'closed') for (const [key, { connection }] of open) if (connection === event.connection) open.delete(key);
      // An end that has given up its connection says nothing more on it; what it wrote may be under way for long.
      if (isGivenUp(event)) for (const [key, { role }] of open) if (role === event.role) open.delete(key);
    },
    forget: (past) => book.forget(past),
    received: (frame, where) => book.received(frame, where),
    sent: (frame, where) => {
      const { session, role, connection } = where;
      const key = `${session} ${role} ${frame.streamId}`;
      book.sent(frame, where);
      const now = book.find(session, frame.streamId)?.sent[role].series;
      if (now === undefined && open.delete(key)) check(true, 'RSOCKET-FRAG-05', role);
      if (now !== undefined && !open.has(key)) open.set(key, { n: now, connection, role });
    },
    finish: () => {
      for (const { n, connection, role } of open.values()) {
        if (quiet.since(connection, n)) check(false, 'RSOCKET-FRAG-05', role, () => 'a series of fragments without its last', [n]);
      }
    },
  };
});

function isGivenUp(event: TraceEvent): event is ApplicationEvent {
  return event.type === 'application' && event.event.kind === 'status' && ['disconnected', 'closed'].includes(event.event.status);
}
