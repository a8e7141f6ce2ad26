import { Keyspace } from './keyspace.ts';
import type { Reply } from './reply.ts';
import type { StreamId } from './stream-id.ts';

/** A group and who reads for it. */
export interface Reader {
  readonly group: string;
  readonly consumer: string;
  readonly noAck: boolean;
}

/** A read that waits for entries. */
export interface BlockedRead {
  readonly database: number;
  /** Which keys it waits for, each with the id behind which it reads. */
  readonly keys: readonly { readonly key: string; readonly after: StreamId }[];
  /** Unix time in ms at which it gives up; undefined where it never does. */
  readonly until: number | undefined;
  readonly count: number;
  readonly reader: Reader | undefined;
}

/** A connection. */
export interface Connection {
  readonly id: number;
  protocol: 2 | 3;
  name: Uint8Array;
  database: number;
  /** Commands that came while it waited. */
  readonly queued: (readonly Uint8Array[])[];
  blocked: BlockedRead | undefined;
  /** A command that waits for a pause to be over. */
  postponed: readonly Uint8Array[] | undefined;
  /** Since MULTI. */
  transaction: Transaction | undefined;
  /** Since WATCH. */
  watch: Watch | undefined;
}

/** What is carried out at once, or not at all. */
export interface Transaction {
  readonly queued: Queued[];
  /** A command could not be queued. */
  isBroken: boolean;
}

/** A command that waits for EXEC. */
export interface Queued {
  readonly args: readonly Uint8Array[];
  readonly run: Run;
  readonly changes: Changes | undefined;
}

/** It writes; `grows`: and may need memory for that. */
export type Changes = 'write' | 'grows';

/** Keys whose change keeps a transaction from being carried out. */
export interface Watch {
  /** As `inDatabase` names them. */
  readonly keys: Set<string>;
  /** One has changed. */
  isStale: boolean;
}

/** Settings that CONFIG knows of. */
export interface Settings {
  /** Bytes; 0: any number. */
  maxmemory: number;
  'min-replicas-to-write': number;
}

/** Since CLIENT PAUSE. */
export interface Pause {
  /** Unix time in ms. */
  readonly until: number;
  readonly of: 'writes' | 'all';
}

/** All of a Redis. It is changed in place. */
export interface State {
  readonly databases: Keyspace[];
  readonly connections: Map<number, Connection>;
  /** Those that wait, the longest waiting first. */
  readonly waiting: Set<Connection>;
  /** Those that watch keys. */
  readonly watching: Set<Connection>;
  /** Keys that changed so that a waiting read may go on, in order, each once. */
  readonly ready: Map<string, { readonly database: number; readonly key: string }>;
  readonly startedAt: number;
  readonly settings: Settings;
  /** Whose replica it is, as `host port`. */
  master: string | undefined;
  pause: Pause | undefined;
  commands: number;
  made: number;
}

/** Databases there are (SELECT). */
export const DATABASES = 16;

/** A Redis without keys and connections. */
export function emptyState(now: number): State {
  const ready: State['ready'] = new Map();
  const watching: State['watching'] = new Set();
  const databases = Array.from(
    { length: DATABASES },
    (_, database) =>
      new Keyspace({
        changed: (key) => signal(ready, database, key),
        touched: (key) => touch(watching, database, key),
      }),
  );
  const settings: Settings = { maxmemory: 0, 'min-replicas-to-write': 0 };
  return {
    databases,
    connections: new Map(),
    waiting: new Set(),
    watching,
    ready,
    startedAt: now,
    settings,
    master: undefined,
    pause: undefined,
    commands: 0,
    made: 0,
  };
}

/** Remembers that reads that wait for a key may go on. */
export function signal(ready: State['ready'], database: number, key: string): void {
  ready.set(inDatabase(database, key), { database, key });
}

/** A key of a database, as one text. */
export const inDatabase = (database: number, key: string): string => `${database} ${key}`;

function touch(watching: State['watching'], database: number, key: string): void {
  for (const { watch } of watching) if (watch?.keys.has(inDatabase(database, key)) === true) watch.isStale = true;
}

/** A command under way. */
export interface Call {
  readonly args: readonly Uint8Array[];
  /** Unix time in ms. */
  readonly now: number;
  readonly connection: Connection;
  readonly state: State;
  readonly keys: Keyspace;
}

/** What a command comes to: a reply at once, or later. */
export type Outcome =
  | Reply
  | { readonly type: 'blocked'; readonly read: BlockedRead }
  | { readonly type: 'quit'; readonly reply: Reply | undefined }
  | { readonly type: 'postponed' }
  | Ends
  /** A transaction: its replies are in the types of the protocol that was spoken at each. */
  | { readonly type: 'executed'; readonly items: readonly Reply[]; readonly ended: readonly Ended[] };

/** Connections are ended. */
export interface Ends {
  readonly type: 'ends';
  readonly reply: Reply;
  readonly ended: readonly Ended[];
}

/** A connection that is ended, and what it is told before. */
export interface Ended {
  readonly connection: Connection;
  readonly told?: Reply;
}

/** What a command does. Throws a Refusal for one that is answered with an error. */
export type Run = (call: Call) => Outcome;
