import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import { LOST, type Session } from '../../protocols/rsocket/peer/session.ts';
import type { Failure } from '../../protocols/rsocket/peer/sinks.ts';
import type { Connection } from './connection.ts';

/** The sessions of one server: those that live, and those that may be resumed. */
export class Sessions {
  readonly #all: ServerSession[] = [];

  /** The session of a token, while it may be resumed. */
  find(token: Uint8Array): ServerSession | undefined {
    return this.#all.find((session) => session.token !== undefined && Buffer.compare(session.token, token) === 0);
  }

  add(session: ServerSession): void {
    this.#all.push(session);
  }

  remove(session: ServerSession): void {
    const at = this.#all.indexOf(session);
    if (at >= 0) this.#all.splice(at, 1);
  }

  /** In order of their first connections. */
  all(): readonly ServerSession[] {
    return [...this.#all];
  }
}

/** What a session of a server tells of itself. */
export interface ServerSessionEvents {
  status(status: string, detail?: string): void;
  ended(session: ServerSession): void;
}

/** A session at the server: its state machine, its connection, and how long it waits for another. */
export class ServerSession {
  readonly token: Uint8Array | undefined;
  /** Number of the connection on which it began. */
  readonly firstConnection: number;
  readonly #environment: Environment;
  readonly #expiryMs: number;
  readonly #events: ServerSessionEvents;
  #session: Session | undefined;
  #connection: Connection | undefined;
  #expiry: CancelTimer = () => {};

  constructor(
    environment: Environment,
    token: Uint8Array | undefined,
    expiryMs: number,
    connection: Connection,
    events: ServerSessionEvents,
  ) {
    this.#environment = environment;
    this.token = token;
    this.#expiryMs = expiryMs;
    this.firstConnection = connection.number;
    this.#events = events;
    this.#connection = connection;
  }

  /** The state machine; given once, since both need each other. */
  begin(session: Session): void {
    this.#session = session;
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#own(connection);
    this.#events.status('connected');
    session.attach(connection);
  }

  get state(): Session {
    if (this.#session === undefined) throw new Error('the session has not begun');
    return this.#session;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Bytes of tracked frames received. */
  get received(): number {
    return this.state.received;
  }

  /** Whether the server can go on sending from there. */
  canServe(position: number): boolean {
    return this.state.store.canServe(position);
  }

  receive(bytes: Uint8Array): void {
    this.state.receive(bytes);
  }

  /** Goes on over another connection; one that still seems to live is dropped. */
  resume(connection: Connection, resendFrom: number): void {
    this.#expiry();
    this.state.detach();
    this.#connection?.abort();
    this.#connection = connection;
    this.#own(connection);
    this.#events.status('resumed');
    this.state.attach(connection, resendFrom);
  }

  /** The connection is dead; a session that may be resumed waits (RSOCKET-KEEPALIVE-05). */
  silent(): void {
    const connection = this.#connection;
    connection?.abort();
    this.#lost();
  }

  /** For scripts: the connection was ended by hand, which its owner does not hear. */
  left(): void {
    this.#lost();
  }

  /** Ends session and connection. */
  end(failure: Failure = LOST): void {
    this.#expiry();
    const connection = this.#connection;
    this.#connection = undefined;
    this.#session?.end(failure);
    connection?.close();
    this.#events.ended(this);
  }

  #own(connection: Connection): void {
    connection.own({
      frame: (bytes) => this.receive(bytes),
      lost: () => this.#lost(),
    });
  }

  #lost(): void {
    this.#connection = undefined;
    this.#events.status('disconnected');
    if (this.token === undefined) {
      this.end();
      return;
    }
    this.state.detach();
    this.#expiry = this.#environment.after(this.#expiryMs, () => this.end());
  }
}
