import { quietSince } from '../../common/quiet-since.ts';
import type { ApplicationEvent, TraceEvent } from '../../common/trace.ts';
import { FLAG, has, isRequest } from '../frame.ts';
import { frameInvariant } from './judging.ts';
import { StreamBook } from './stream-book.ts';

/** Series of fragments: one after the other on their stream, metadata before data, an end; and items that are items. */
export const fragments = frameInvariant(
  'fragments',
  ['RSOCKET-FRAG-01', 'RSOCKET-FRAG-02', 'RSOCKET-FRAG-05', 'RSOCKET-FRAG-09', 'RSOCKET-PAYLOAD-01'],
  (check) => {
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
        const { n, session, role, connection, resent } = where;
        const own = book.find(session, frame.streamId)?.sent[role];
        const key = `${session} ${role} ${frame.streamId}`;
        if (!resent && frame.streamId !== 0) {
          const series = own?.series;
          if (isRequest(frame) && series !== undefined) {
            check(false, 'RSOCKET-FRAG-01', role, () => `${frame.type} inside a series of fragments`, [n, series]);
          }
          if (frame.type === 'PAYLOAD') {
            const said = has(frame, FLAG.NEXT) || has(frame, FLAG.COMPLETE);
            const rule = series === undefined ? 'RSOCKET-PAYLOAD-01' : 'RSOCKET-FRAG-09';
            if (!has(frame, FLAG.FOLLOWS) || said) check(said, rule, role, () => 'PAYLOAD with neither N nor C', [n]);
            if (series !== undefined) {
              check(true, 'RSOCKET-FRAG-01', role);
              const late = frame.metadata !== undefined && own?.data === true;
              check(!late, 'RSOCKET-FRAG-02', role, () => 'metadata behind data in a series of fragments', [n, series]);
            }
          }
        }
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
  },
);

function isGivenUp(event: TraceEvent): event is ApplicationEvent {
  return event.type === 'application' && event.event.kind === 'status' && ['disconnected', 'closed'].includes(event.event.status);
}
