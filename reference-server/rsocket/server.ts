import type { PeerEvents, ServeParams } from '../../protocols/common/control.ts';
import type { Accept, Environment } from '../../protocols/common/environment.ts';
import { FLAG, has, type SetupFrame } from '../../protocols/rsocket/frame.ts';
import { type ServerOptions, serverOptions } from '../../protocols/rsocket/peer/options.ts';
import { handlersTold, pushTold } from '../../protocols/rsocket/peer/peer-events.ts';
import { host } from '../../protocols/rsocket/peer/services/host.ts';
import { freshState } from '../../protocols/rsocket/peer/services/service.ts';
import { Session } from '../../protocols/rsocket/peer/session.ts';
import { conformingSwitches, ownSettings } from '../../protocols/rsocket/peer/settings.ts';
import { type RSocketTimers, readTimers } from '../../protocols/rsocket/timers.ts';
import { Admission } from './admission.ts';
import { Connection } from './connection.ts';
import { Replies } from './replies.ts';
import { ServerSession, Sessions } from './sessions.ts';

/** One `serve`: its connections, its sessions, its state. */
export class RunningServer {
  readonly options: ServerOptions;
  readonly timers: RSocketTimers;
  readonly switches = conformingSwitches();
  readonly manual = new Set<string>();
  readonly replies = new Replies();
  readonly sessions = new Sessions();
  readonly #environment: Environment;
  readonly #events: PeerEvents;
  readonly #handle: string;
  readonly #state = freshState();
  readonly #connections: Connection[] = [];
  readonly #open = new Set<Connection>();
  #pending: Admission | undefined;
  #stopped = false;

  constructor(environment: Environment, events: PeerEvents, params: ServeParams) {
    this.#environment = environment;
    this.#events = events;
    this.#handle = params.server;
    this.options = serverOptions.parse(params.options);
    this.timers = readTimers(params.timers);
  }

  /** Takes a connection; it waits for its first frame. */
  readonly accept: Accept = (link) => {
    const connection: Connection = new Connection(this.#environment, link, this.#connections.length, this.options.timeScale, () =>
      this.#open.delete(connection),
    );
    this.#connections.push(connection);
    if (this.#stopped) {
      connection.abort();
      return connection.events;
    }
    this.#open.add(connection);
    this.#pending = new Admission(
      {
        environment: this.#environment,
        timeScale: this.options.timeScale,
        resume: this.options.resume,
        leases: this.options.leaseRequests !== undefined,
        replies: this.replies,
        sessions: this.sessions,
        accepted: (accepted, setup) => this.#accepted(accepted, setup),
      },
      connection,
    );
    return connection.events;
  };

  /** Ends everything. */
  stop(): void {
    this.#stopped = true;
    for (const session of this.sessions.all()) session.end();
    for (const connection of this.#open) connection.close();
  }

  /** The connection that a script means: a number, or the latest that is open, or where none is, was. What is written there is lost. */
  connection(number: number | undefined): Connection | undefined {
    if (number !== undefined) return this.#connections[number];
    return this.#connections.findLast(({ isOpen }) => isOpen) ?? this.#connections.at(-1);
  }

  /** The session that a connection carries; without a number the latest. */
  sessionOn(number: number | undefined): ServerSession | undefined {
    const sessions = this.sessions.all();
    if (number === undefined) return sessions.findLast(({ connection }) => connection !== undefined) ?? sessions.at(-1);
    return sessions.find(({ connection, firstConnection }) => (connection?.number ?? firstConnection) === number);
  }

  /** The connection that came last, until its first frame is decided about. */
  get pending(): Admission | undefined {
    return this.#pending;
  }

  /** For scripts: what could be resumed is lost. */
  forgetSessions(): void {
    for (const session of this.sessions.all()) {
      session.connection?.abort();
      session.end();
    }
  }

  #accepted(connection: Connection, setup: SetupFrame): ServerSession {
    const { options, timers } = this;
    const environment = this.#environment;
    const leases = has(setup, FLAG.LEASE);
    const observe = handlersTold(this.#events, this.#handle);
    const entry: ServerSession = new ServerSession(environment, setup.token, timers.resumeExpiryMs, connection, {
      status: (status, detail) => this.#events.status({ instance: this.#handle, status, ...(detail === undefined ? {} : { detail }) }),
      ended: (ended) => this.sessions.remove(ended),
    });
    const session: Session = new Session(
      environment,
      {
        side: 'server',
        ...ownSettings(options, timers),
        keepaliveMs: setup.keepaliveMs,
        lifetimeMs: setup.lifetimeMs,
        resume: setup.token !== undefined,
        leases,
      },
      this.switches,
      {
        handle: host(
          {
            environment,
            timeScale: options.timeScale,
            state: this.#state,
            callBack: (payload, sink) => session.request('REQUEST_RESPONSE', payload, 0, sink),
            pushBack: (metadata) => session.push(metadata),
          },
          this.manual,
          observe,
        ),
        pushed: pushTold(observe),
        silent: () => entry.silent(),
        failed: (failure) => entry.end(failure),
      },
    );
    this.sessions.add(entry);
    entry.begin(session);
    return entry;
  }
}
