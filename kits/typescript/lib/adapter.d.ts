import type { Call, Instance } from './calls.mjs';

type Awaitable<T> = T | Promise<T>;

/** An error as the control protocol says it. */
export interface ToldError {
  readonly code: string | number;
  readonly message: string;
}

/** A call once the library has it; what the library cannot do is left out. */
export interface Running {
  send?(value: unknown, metadata: unknown): Awaitable<void>;
  credit?(n: number): Awaitable<void>;
  finish?(metadata: unknown, error: ToldError | undefined): Awaitable<void>;
  cancel?(): Awaitable<void>;
}

/** A client of the library. One that was closed stays: what it makes of later calls is the library's affair. */
export interface Client {
  invoke(call: Call): Awaitable<Running>;
  close(): Awaitable<void>;
  /** Where a connection can be asked for without a call. */
  dial?(): Awaitable<void>;
}

/** A server of the library. */
export interface Server {
  /** Where it listens; absent where it has dialled a broker. */
  readonly url?: string;
  stop(how: string | undefined): Awaitable<void>;
  /** Where servers call. */
  invoke?(call: Call): Awaitable<Running>;
}

/** What `connect` and `serve` say, in JavaScript's values. */
export interface Settings {
  readonly binding: string;
  readonly timers: Readonly<Record<string, number>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** What `connect` says beside. */
export interface ConnectSettings extends Settings {
  readonly url: string;
  readonly eager?: boolean;
  readonly metadata?: readonly unknown[];
}

/** An adapter: its library, and nothing that every adapter says alike. */
export interface Adapter {
  /** What `initialize` answers. */
  readonly info: Readonly<Record<string, unknown>>;
  connect?(instance: Instance, settings: ConnectSettings): Awaitable<Client>;
  serve?(instance: Instance, settings: Settings): Awaitable<Server>;
}
