import type { Past } from '../common/invariant.ts';
import { forgetConnections } from '../common/judging.ts';
import type { TraceEvent } from '../common/trace.ts';
import type { RSocketFrame } from './frame.ts';

/** Which session each connection carries: `resume` is the one of the session that the token names. */
export interface SessionOf {
  observe(event: TraceEvent<RSocketFrame>): void;
  /** The connection on which the session of a connection began. */
  first(connection: number): number;
  /** Whether a connection resumes a session of which no beginning was seen. */
  isOfUnknown(connection: number): boolean;
  /** Whether nothing more can come of the session that began on a connection: one with a token may be resumed at any time. */
  isOver(session: number, past: Past): boolean;
  /** Lets go of connections that are over. */
  forget(past: Past): void;
}

/** Follows connections by the first frames that clients sent on them. */
export function followSessions(): SessionOf {
  const firstOf = new Map<number, number>();
  const tokens = new Map<string, number>();
  /** Connections on which the sessions with tokens began. */
  const resumable = new Set<number>();
  const begun = new Set<number>();
  return {
    observe: (event) => {
      if (event.type !== 'sent' || event.from !== 'client' || begun.has(event.connection) || event.frame.class !== 'data') return;
      begun.add(event.connection);
      const frame = event.decoded?.ok ? event.decoded.message : undefined;
      if (frame?.type === 'SETUP' && frame.token !== undefined) {
        tokens.set(hex(frame.token), event.connection);
        resumable.add(event.connection);
      }
      if (frame?.type === 'RESUME') firstOf.set(event.connection, tokens.get(hex(frame.token)) ?? event.connection);
    },
    first: (connection) => firstOf.get(connection) ?? connection,
    isOfUnknown: (connection) => firstOf.get(connection) === connection,
    isOver: (session, past) => past.isOver(session) && !resumable.has(session),
    forget: (past) => {
      for (const each of [begun, firstOf]) forgetConnections(each, past);
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
