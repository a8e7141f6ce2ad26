import type { Role } from '../../common/frame.ts';
import { CANCEL, OPEN } from '../message.ts';
import type { EndSession } from './end-session.ts';
import { endInvariant } from './judging.ts';
import { isOnStream, isReserved } from './stream-tables.ts';

/** What one end used in sessions with one client. */
interface Past {
  /** Stream id to the session that used it last. */
  readonly streams: Map<string, { readonly session: EndSession; readonly n: number }>;
  readonly messages: Map<string, { readonly session: EndSession; readonly n: number }>;
  readonly sessions: Set<EndSession>;
}

/**
 * Nothing of a dead session reaches a later one: not the client's buffered messages (RIVER-RECON-14; after a foreign
 * session id RIVER-HS-24), not what is done with its old handles (RIVER-RECON-25), not the server's streams
 * (RIVER-RECON-24).
 */
export const laterSession = endInvariant(
  'later-session',
  ['RIVER-RECON-14', 'RIVER-RECON-24', 'RIVER-RECON-25', 'RIVER-HS-24'],
  ['client', 'server'],
  (role, _facts, check) => {
    const pasts = new Map<string, Past>();
    /** Streams that this session's client has used, as the server heard it. */
    const heard = new WeakMap<EndSession, Map<string, number>>();
    return {
      receiving: ({ event, message, session }) => {
        const streams = heard.get(session) ?? new Map<string, number>();
        heard.set(session, streams.set(message.streamId, event.n));
      },
      sending: ({ event, message, line, session, fresh }) => {
        const past = pasts.get(session.clientId) ?? { streams: new Map(), messages: new Map(), sessions: new Set() };
        pasts.set(session.clientId, past);
        past.sessions.add(session);
        if (!fresh || !isOnStream(message) || isReserved(message.streamId)) return;
        const { streamId, id, controlFlags } = message;
        const copy = past.messages.get(id);
        const stream = past.streams.get(streamId);
        const stale = stream !== undefined && stream.session !== session;
        past.messages.set(id, copy ?? { session, n: event.n });
        if (role === 'server') {
          // The client may have used an old id again, or have sent something on it: then the server answers that.
          const answers = heard.get(session)?.has(streamId) ?? false;
          const what = () => `a message on stream ${streamId}, which belongs to an earlier session of client ${session.clientId}`;
          // Of a murky session nobody knows what the server heard.
          if (past.sessions.size > 1 && !session.murky) check(!stale || answers, 'RIVER-RECON-24', role, what, [event.n, stream?.n]);
          if (!stale || answers) past.streams.set(streamId, { session, n: event.n });
          return;
        }
        const copied = copy !== undefined && copy.session !== session;
        const foreign = line.request !== undefined && line.request.payload.sessionId !== session.sessionId;
        const again = () => `message ${id} of an earlier session is sent in session ${session.sessionId}`;
        if (past.sessions.size > 1) check(!copied, foreign ? 'RIVER-HS-24' : 'RIVER-RECON-14', role, again, [event.n, copy?.n]);
        const opens = (controlFlags & OPEN) !== 0;
        const handle = () => `${describe(role, controlFlags)} on stream ${streamId}, which belongs to an earlier session`;
        if (past.sessions.size > 1) check(!stale || opens || copied, 'RIVER-RECON-25', role, handle, [event.n, stream?.n]);
        if (!stale || opens) past.streams.set(streamId, { session, n: event.n });
      },
      forget: ({ before }) => {
        for (const [clientId, { streams, messages, sessions }] of pasts) {
          for (const book of [streams, messages]) for (const [id, { n }] of book) if (n < before) book.delete(id);
          for (const session of sessions) {
            if (session.forgotten) sessions.delete(session);
            const known = heard.get(session) ?? [];
            for (const [id, n] of known) if (n < before) heard.get(session)?.delete(id);
          }
          if (sessions.size === 0) pasts.delete(clientId);
        }
      },
    };
  },
);

function describe(role: Role, controlFlags: number): string {
  return `a ${(controlFlags & CANCEL) !== 0 ? 'cancel' : 'message'} of the ${role}`;
}
