import * as z from 'zod';
import type { PeerEvents, ServeParams } from '../../protocols/common/control.ts';
import { type Accept, afterEachMessage, type Environment, randomId } from '../../protocols/common/environment.ts';
import type { MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { encodeMessage } from '../../protocols/river/codec.ts';
import { DEFAULT_TIMERS } from '../../protocols/river/message.ts';
import type { ServerCommand } from '../../protocols/river/script.ts';
import type { Stationery } from '../../protocols/river/session.ts';
import { readMessage } from '../../protocols/river/validate.ts';
import { Admission, type SessionTable } from './admission.ts';
import { Connection } from './connection.ts';
import { freshState, type Handler } from './handler.ts';
import { handlersFor } from './handlers/index.ts';
import { blocking } from './handlers/parts.ts';
import type { RouterSurroundings } from './router.ts';
import { ServerScript } from './script.ts';
import { HandshakeReplies } from './scripted-handshake.ts';
import { type Catalogue, type Policy, readServices } from './services.ts';
import { ServerSession } from './session.ts';
import type { Surroundings, Switches } from './surroundings.ts';

const serveOptions = z.object({
  handshake: z.string().optional(),
  timeScale: z.number().positive().default(1),
  transparentReconnects: z.boolean().default(true),
  rehandshakeEveryMs: z.number().positive().optional(),
});

/**
 * Makes reference servers that host the procedures of a parsed services.yaml. Schemas are read once and compiled at
 * their first use, for all servers together. Throws where the file has another shape, or names a procedure without handler.
 */
export function riverServer(services: unknown): MakeReferenceServer {
  const catalogue = readServices(services);
  const handlers = handlersFor(catalogue);
  return (environment, events) => {
    const running = new Map<string, RunningServer>();
    let latest: RunningServer | undefined;
    let received = 0;
    return {
      serve(params) {
        latest = new RunningServer(environment, events, params, catalogue, handlers);
        running.set(params.server, latest);
        const { accept } = latest;
        return (link) => afterEachMessage(accept(link), () => (received += 1));
      },
      stop({ server }) {
        running.get(server)?.stop();
        running.delete(server);
        return Promise.resolve();
      },
      script(command, context) {
        if (latest === undefined) throw new Error('the reference server was not started yet');
        // The runner parsed it by serverScript.
        latest.script.run(command as ServerCommand, context);
      },
      streamId: (name) => latest?.script.streamId(name),
      hasSeen: (streamId) => latest?.script.hasSeen(streamId) ?? false,
      received: () => received,
    };
  };
}

/** One `serve`: its connections, its sessions by client id, its state. */
class RunningServer {
  readonly #surroundings: Surroundings;
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<string, ServerSession>();
  readonly #replies: HandshakeReplies;
  /** Carries out parsed commands. */
  readonly script: ServerScript;
  #pending: Admission | undefined;
  #stopped = false;

  constructor(
    environment: Environment,
    events: PeerEvents,
    params: ServeParams,
    catalogue: Catalogue,
    handlers: ReadonlyMap<string, Handler>,
  ) {
    const options = serveOptions.parse(params.options);
    const { serverId, binding: codec } = params;
    const switches: Switches = { heartbeats: true, watchdog: true, gaps: 'refuse' };
    const manual = new Set<string>();
    const stationery: Stationery = { newId: () => randomId(environment), encode: (message) => encodeMessage(message, codec) };
    this.#surroundings = {
      environment,
      serverId,
      stationery,
      switches,
      timers: { ...DEFAULT_TIMERS, ...params.timers },
      timeScale: options.timeScale,
      transparentReconnects: options.transparentReconnects,
      rehandshakeEveryMs: options.rehandshakeEveryMs,
      policy: options.handshake === undefined ? undefined : policyNamed(catalogue, options.handshake),
      router: routerSurroundings(events, params, catalogue, (name) => (manual.has(name) ? blocking : handlers.get(name))),
      read: (frame) => readMessage(frame, codec),
      status: (status, detail) => events.status({ instance: params.server, status, detail }),
      log: (message) => events.log({ message }),
    };
    this.#replies = new HandshakeReplies(stationery);
    this.script = new ServerScript({
      ...{ serverId, stationery, switches, manual, replies: this.#replies },
      sessions: () => [...this.#sessions.values()],
      pending: () => this.#pending,
    });
  }

  /** Takes a connection; it waits for its handshake. */
  readonly accept: Accept = (link) => {
    const { environment, timeScale } = this.#surroundings;
    const connection = new Connection(environment, link, timeScale, () => this.#gone(connection));
    if (this.#stopped) {
      connection.abort();
      return connection.events;
    }
    this.#connections.add(connection);
    const admission: Admission = new Admission(this.#surroundings, connection, this.#table, () => {
      this.#pending = admission;
      return this.#replies.next();
    });
    this.#pending = admission;
    return connection.events;
  };

  /** Ends sessions and connections; later connections are dropped at once. */
  stop(): void {
    this.#stopped = true;
    for (const session of [...this.#sessions.values()]) session.destroy('the server stops');
    for (const connection of [...this.#connections]) connection.giveUp();
  }

  readonly #table: SessionTable = {
    existing: (clientId) => this.#sessions.get(clientId),
    create: (clientId, sessionId) => {
      const session: ServerSession = new ServerSession(this.#surroundings, sessionId, clientId, () => {
        if (this.#sessions.get(clientId) === session) this.#sessions.delete(clientId);
      });
      this.#sessions.set(clientId, session);
      this.#surroundings.status('session-created', clientId);
      return session;
    },
    established: (session) => {
      // Set anew, so that the most recently connected session is the last of the map.
      this.#sessions.delete(session.books.peer);
      this.#sessions.set(session.books.peer, session);
      if (this.#pending?.connection === session.connection) this.#pending = undefined;
    },
  };

  #gone(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#pending?.connection === connection) this.#pending = undefined;
  }
}

function policyNamed(catalogue: Catalogue, name: string): Policy {
  const policy = catalogue.policies.get(name);
  if (policy === undefined)
    throw new Error(`option handshake: no policy "${name}" in services.yaml; it has ${[...catalogue.policies.keys()].join(', ')}`);
  return policy;
}

function routerSurroundings(
  events: PeerEvents,
  { server, serverId }: ServeParams,
  catalogue: Catalogue,
  handlerNamed: (name: string) => Handler | undefined,
): RouterSurroundings {
  const runs = new Map<string, number>();
  return {
    serverId,
    catalogue,
    state: freshState(),
    handlerOf: ({ name }) => handlerNamed(name) ?? blocking,
    observer: ({ name, service, procedure }) => {
      const count = (runs.get(name) ?? 0) + 1;
      runs.set(name, count);
      const run = String(count);
      return (event, value) =>
        events.handler({ instance: server, service, procedure, run, event, ...(value === undefined ? {} : { value }) });
    },
  };
}
