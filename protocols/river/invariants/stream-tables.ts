import { HEARTBEAT_STREAM, REHANDSHAKE_STREAM, type RiverMessage } from '../message.ts';
import { isHeartbeat } from '../validate.ts';
import type { EndSession } from './end-session.ts';

/** One record a stream, by session: what an automaton remembers of each stream id. */
export interface StreamTables<T> {
  /** The record of a stream, made on first use. */
  at(session: EndSession, streamId: string): T;
  /** The record of a stream, if there is one. */
  find(session: EndSession, streamId: string): T | undefined;
  /** Starts the stream's record again. */
  renew(session: EndSession, streamId: string): T;
  /** Every stream of a session. */
  of(session: EndSession): readonly (T & { readonly streamId: string })[];
  all(): readonly T[];
}

/** Makes empty tables. */
export function streamTables<T>(make: () => T): StreamTables<T> {
  const tables = new Map<EndSession, Map<string, T>>();
  const everything: T[] = [];
  const renew = (session: EndSession, streamId: string): T => {
    const table = tables.get(session) ?? new Map<string, T>();
    tables.set(session, table);
    const record = make();
    table.set(streamId, record);
    everything.push(record);
    return record;
  };
  const find = (session: EndSession, streamId: string): T | undefined => tables.get(session)?.get(streamId);
  const of = (session: EndSession) => [...(tables.get(session) ?? [])].map(([streamId, record]) => ({ streamId, ...record }));
  return { find, renew, of, at: (session, streamId) => find(session, streamId) ?? renew(session, streamId), all: () => everything };
}

/** True for messages that belong to a stream of a procedure: no heartbeats, no re-handshakes. */
export function isOnStream(message: RiverMessage): boolean {
  return !isHeartbeat(message) && message.streamId !== REHANDSHAKE_STREAM;
}

/** True for stream ids that no procedure may use (RIVER-MSG-10, RIVER-REHS-03). */
export function isReserved(streamId: string): boolean {
  return streamId === HEARTBEAT_STREAM || streamId === REHANDSHAKE_STREAM;
}
