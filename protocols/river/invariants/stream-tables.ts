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
  /** Lets go of streams that nothing has asked for since it was last called; gives their records. */
  forget(): readonly T[];
  /** Whether a stream of the session may be among those. */
  hasForgotten(session: EndSession): boolean;
}

/** The streams of one session. */
interface Table<T> {
  /** Those that were asked for since `forget` was last called, and the others. */
  young: Map<string, T>;
  old: Map<string, T>;
  /** Records that were started again. */
  renewed: T[];
  forgot: boolean;
}

/** Makes empty tables. */
export function streamTables<T>(make: () => T): StreamTables<T> {
  const tables = new Map<EndSession, Table<T>>();
  const tableOf = (session: EndSession): Table<T> => {
    const table = tables.get(session) ?? { young: new Map(), old: new Map(), renewed: [], forgot: false };
    tables.set(session, table);
    return table;
  };
  const find = (session: EndSession, streamId: string): T | undefined => {
    const table = tables.get(session);
    const young = table?.young.get(streamId);
    if (table === undefined || young !== undefined) return young;
    const old = table.old.get(streamId);
    if (old === undefined) return undefined;
    table.old.delete(streamId);
    table.young.set(streamId, old);
    return old;
  };
  const renew = (session: EndSession, streamId: string): T => {
    const before = find(session, streamId);
    const table = tableOf(session);
    const record = make();
    if (before !== undefined) table.renewed.push(before);
    table.young.set(streamId, record);
    return record;
  };
  return {
    find,
    renew,
    at: (session, streamId) => find(session, streamId) ?? renew(session, streamId),
    of(session) {
      const { old, young } = tables.get(session) ?? { old: [], young: [] };
      return [...old, ...young].map(([streamId, record]) => ({ streamId, ...record }));
    },
    all: () => [...tables.values()].flatMap(({ old, young, renewed }) => [...renewed, ...old.values(), ...young.values()]),
    forget() {
      const gone: T[] = [];
      for (const [session, table] of tables) {
        gone.push(...table.renewed.splice(0), ...table.old.values());
        if (session.forgotten) {
          gone.push(...table.young.values());
          tables.delete(session);
        }
        table.forgot ||= table.old.size > 0;
        table.old = table.young;
        table.young = new Map();
      }
      return gone;
    },
    hasForgotten: (session) => tables.get(session)?.forgot ?? false,
  };
}

/** True for messages that belong to a stream of a procedure: no heartbeats, no re-handshakes. */
export function isOnStream(message: RiverMessage): boolean {
  return !isHeartbeat(message) && message.streamId !== REHANDSHAKE_STREAM;
}

/** True for stream ids that no procedure may use (RIVER-MSG-10, RIVER-REHS-03). */
export function isReserved(streamId: string): boolean {
  return streamId === HEARTBEAT_STREAM || streamId === REHANDSHAKE_STREAM;
}
