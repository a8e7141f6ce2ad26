import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Environment } from '../../../protocols/common/environment.ts';
import { type Party, type Role, roleOf, type Side } from '../../../protocols/common/frame.ts';
import type { Instance } from '../../../protocols/common/instance.ts';
import type { FaultTools } from '../../faults/exchange.ts';
import type { Address } from '../../toxics/network.ts';
import type { Machine } from '../machine.ts';
import { startProxy, type WireProxy } from '../proxy.ts';
import type { WireRecorder } from '../recorder.ts';
import { FloodError } from '../run-errors.ts';
import { atUsual, type Listen } from './listening.ts';
import { type ConnectionEvents, RelayedConnection, type Upstream } from './relayed-connection.ts';

/** What a relay needs of its run. */
export interface RelayOptions {
  readonly upstream: Upstream;
  readonly recorder: WireRecorder;
  readonly environment: Environment;
  readonly tools: FaultTools;
  /** Factor from nominal ms to the environment's. */
  readonly timeScale: number;
  /** Where it listens: by this, for each of its listeners; where it is left out on a free port of 127.0.0.1. */
  readonly at?: Listen | undefined;
  /** Who dials a broker there; absent: clients a server. */
  readonly dialler?: Instance | undefined;
  /** Frames of all connections that one end may send, fragments counted; undefined: any number. */
  readonly mostFrames?: number | undefined;
  /** Hears of what the machine refuses. */
  readonly machine?: Machine;
  /** How long its ends may take to end their connections when it closes, in ms of wall clock, before these are reset; undefined: they are at once. */
  readonly farewellMs?: number | undefined;
  /** Nothing was ever reached at `upstream`, and why not. */
  readonly unreachable?: (failure: string) => void;
}

/** Frames that a connection counts as: one that is opened costs as much as so many that are passed on. */
const FRAMES_A_CONNECTION = 50;

/** Between two segments of a frame, in ms of the environment: the loopback has long delivered the first. */
const SEGMENT_PAUSE_MS = 2;

/** A TCP relay on the loopback, with a fault engine in it. */
export interface Relay extends Pick<WireProxy, 'fault' | 'lift' | 'armed' | 'armedRevision' | 'failure'> {
  /** Where it listens first. */
  readonly address: Address;
  /** Listens on a further port, before a further server. Resolves with where. */
  listen(upstream: Upstream, server: string): Promise<Address>;
  /** Listens on a further port, for one instance that dials the broker, which is asked for with each connection; undefined: it is not there. Resolves with where. */
  listenFor(dialler: Instance, where: () => Upstream | undefined, at?: Listen): Promise<Address>;
  /** Bytes that an end has sent so far, over all connections, whatever became of them. */
  taken(from: Party): number;
  /** Resolves with the error when an end floods the run, or the machine refuses a connection. */
  readonly failed: Promise<Error>;
  /** Ends all listeners and connections. Resolves when they are gone. */
  close(): Promise<void>;
}

/**
 * Starts a relay. Bytes pass as they come, whole frames at a time; what else the carrier's conversation changes unasked is said
 * there. Rejects when it cannot listen.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { recorder, environment, upstream, at: usual = atUsual(), mostFrames = Number.POSITIVE_INFINITY } = options;
  const traffic: Record<Role, number> = { client: 0, server: 0 };
  let over = false;
  let fail = (_error: Error): void => {};
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const giveUp = (error: Error): void => {
    proxy.fail(error);
    fail(error);
  };
  const count = (from: Party, frames: number): void => {
    // What a broker says is what the ends have asked for.
    if (from === 'broker') return;
    traffic[from] += frames;
    if (traffic[from] <= mostFrames || over) return;
    over = true;
    giveUp(new FloodError(from, mostFrames));
    for (const connection of connections.values()) void connection.destroy();
  };
  const connections = new Map<number, RelayedConnection>();
  /** Where connections go on to that do not go to the first server. */
  const elsewhere = new Map<number, () => Upstream | undefined>();
  /** Who dialled the broker, by connection. */
  const diallers = new Map<number, Instance>();
  const sideOf = (connection: number, party: Party): Side =>
    party === (diallers.get(connection)?.role ?? 'client') ? 'dialler' : 'acceptor';
  const partyAt = (connection: number, side: Side): Party => {
    const dialler = diallers.get(connection);
    return dialler === undefined ? roleOf(side) : side === 'dialler' ? dialler.role : 'broker';
  };
  let opened = 0;
  let reached = false;
  const proxy = startProxy(
    {
      accept(connection) {
        const to = elsewhere.get(connection);
        const at = to === undefined ? upstream : to();
        if (at !== undefined) {
          connections.get(connection)?.accept(at);
          return;
        }
        connections.get(connection)?.refuse('reset');
        proxy.ended(connection, partyAt(connection, 'acceptor'), 'rst');
      },
      refuse: (connection, how) => connections.get(connection)?.refuse(how),
      deliver: ({ connection, to, frame, split }) => connections.get(connection)?.deliver(sideOf(connection, to), frame, split),
      deliverPart: (connection, to, frame) => connections.get(connection)?.deliverPart(sideOf(connection, to), frame),
      end: (connection, how) => connections.get(connection)?.end(how),
    },
    recorder,
    environment,
    options.tools,
    options.timeScale,
  );
  const take = (socket: Socket, server?: string, to?: () => Upstream | undefined, dialler?: Instance): void => {
    if (over) {
      socket.on('error', () => {}).resetAndDestroy();
      return;
    }
    const connection = opened;
    opened += 1;
    if (dialler !== undefined) diallers.set(connection, dialler);
    const at = (side: Side): Party => partyAt(connection, side);
    const events: ConnectionEvents = {
      idle: proxy.idle,
      later: recorder.defer,
      catchUp: recorder.catchUp,
      frame: (from, frame) => proxy.sent(connection, at(from), frame),
      ended: (by, how) => proxy.ended(connection, at(by), how),
      reached: (failure) => {
        if (failure === undefined) {
          reached = true;
          return;
        }
        const limit = options.machine?.note('connect to the server under test', failure);
        if (limit !== undefined) giveUp(limit);
        else if (!reached) options.unreachable?.(failure.code ?? failure.message);
      },
      problem: (from, problem) => {
        // Behind a bad network nobody knows who ended it.
        if (problem.kind !== 'closed-unanswered' || options.unreachable !== undefined) recorder.carrier(connection, at(from), problem);
      },
      unread: (from, error) =>
        recorder.fault(connection, `not read, passed as it is: ${at(from)} bytes of connection ${connection}: ${error}`),
      traffic: (from, frames) => count(at(from), frames),
      // A timer that comes late is asked before what has arrived is read: whoever shares this event loop reads the first segment first.
      pause: (then) => environment.after(SEGMENT_PAUSE_MS, () => setImmediate(then)),
    };
    if (to !== undefined) elsewhere.set(connection, to);
    connections.set(
      connection,
      new RelayedConnection(socket, options.tools.carrier, events, environment.random, options.tools.seesOpenings),
    );
    proxy.opened(connection, server, dialler);
    count(at('dialler'), FRAMES_A_CONNECTION);
  };
  const takesPart = (connection: number, party: Party): boolean => {
    const dialler = diallers.get(connection);
    return dialler === undefined ? party !== 'broker' : party === dialler.role || party === 'broker';
  };
  const listeners: Server[] = [];
  const open = async (at: Listen, server?: string, to?: () => Upstream | undefined, dialler?: Instance): Promise<Address> => {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => take(socket, server, to, dialler));
    const address = await at(listener);
    listeners.push(listener);
    return address;
  };

  return {
    address: await open(usual, undefined, undefined, options.dialler),
    listen: (to, server) => open(usual, server, () => to),
    listenFor: (dialler, where, at = usual) => open(at, undefined, where, dialler),
    fault: proxy.fault,
    lift: proxy.lift,
    armed: proxy.armed,
    armedRevision: proxy.armedRevision,
    failure: proxy.failure,
    taken: (from) =>
      [...connections].reduce((sum, [id, connection]) => sum + (takesPart(id, from) ? connection.taken(sideOf(id, from)) : 0), 0),
    failed,
    async close() {
      const closed = listeners.map((listener) => once(listener.close(), 'close'));
      const letGo = (connection: RelayedConnection) =>
        options.farewellMs === undefined ? connection.destroy() : connection.close(options.farewellMs);
      await Promise.all([...closed, ...[...connections.values()].map(letGo)]);
    },
  };
}
