import { type Carrier, type Conversation, isFin, type WireItem } from '../../../protocols/common/carrier.ts';
import type { Accept, Dial, Environment, LinkEvents } from '../../../protocols/common/environment.ts';
import {
  type CloseFrame,
  type Frame,
  type MessageFrame,
  type OpeningFrame,
  type Role,
  roleOf,
  sideOf,
} from '../../../protocols/common/frame.ts';
import type { Toxics } from '../../toxics/toxics.ts';
import type { Wire, WireProxy } from '../proxy.ts';
import { createLink, type Outlet, type SimulatedLink } from './link.ts';
import { createStreamLink } from './stream-link.ts';
import { startToxicPath, type ToxicPath } from './toxic-path.ts';

/** Virtual ms from an end to the proxy and from the proxy to an end. */
const HOP_MS = 1;

/** A network in memory: clients dial through the proxy to servers. */
export interface Network {
  readonly dial: Dial;
  /** What the proxy does to connections. */
  readonly wire: Wire;
}

interface Connection {
  id: number | undefined;
  /** Handle of the server that was dialled, where it is not the one that is there without a step. */
  readonly server: string | undefined;
  readonly ends: Partial<Record<Role, SimulatedLink>>;
  /** Where there are toxics: the way between the proxy and the server. */
  path?: ToxicPath;
  /** Reads what ends that write bytes outside of frames have written, from the first of those on. */
  tap?: Conversation;
  readonly inBytes: Set<Role>;
}

/**
 * Makes a network. `accept` gives the server of that handle (undefined: the one that is there without a step), and like `proxy` it is asked
 * for when connections come; `toxics` lie before the latter. `serverAt` says which server an address is of. With `seesOpenings` what the
 * carrier's ends usually write before their frames passes the proxy as frames.
 */
export function createNetwork(
  carrier: Carrier,
  environment: Environment,
  accept: (server: string | undefined) => Accept | undefined,
  proxy: () => WireProxy,
  serverAt: (address: string) => string | undefined,
  seesOpenings: boolean,
  toxics?: Toxics,
): Network {
  const connections = new Map<number, Connection>();
  const preamble = seesOpenings ? carrier.preamble : undefined;
  let dialled = 0;

  /** Lets something happen one hop away. */
  function hop(happen: () => void, hops = 1): void {
    environment.after(hops * HOP_MS, happen);
  }

  function makeEnd(role: Role, connection: Connection, owner: () => LinkEvents): SimulatedLink {
    const pathOf = (): ToxicPath | undefined => (role === 'server' ? connection.path : undefined);
    const outlet: Outlet = {
      frame: (frame) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => arriveAtProxy(id, connection, role, frame));
        else hop(() => path.frame('server', frame));
      },
      bytes: (bytes) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => readAtProxy(id, connection, role, bytes));
        else hop(() => path.bytes('server', bytes));
      },
      ended: (how) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => proxy().ended(id, role, how));
        else hop(() => path.end('server'));
      },
    };
    const end =
      carrier.fin === undefined
        ? createLink(role, environment, outlet, owner)
        : createStreamLink(role, carrier.fin, environment, outlet, owner);
    connection.ends[role] = end;
    return end;
  }

  /** What an end wrote reaches the proxy, unless the connection is over there. A dial got its number before anything else came. */
  function atProxy(connection: Connection, happen: (id: number) => void): void {
    hop(() => {
      if (connection.id !== undefined && connections.has(connection.id)) happen(connection.id);
    });
  }

  function arriveAtProxy(id: number, connection: Connection, from: Role, frame: MessageFrame | CloseFrame): void {
    // Behind bytes that are no frame yet, one is but more bytes.
    if (connection.inBytes.has(from) && !isFin(carrier, frame)) {
      readAtProxy(id, connection, from, carrier.encode(frame, sideOf(from), 1, environment.random));
      return;
    }
    if (isFin(carrier, frame) && connection.tap !== undefined) take(id, from, connection.tap.end(sideOf(from), 'fin'));
    proxy().sent(id, from, frame);
  }

  /** What passes the proxy; bytes that are no frame are nothing to links. */
  function take(id: number, from: Role, items: readonly WireItem[]): void {
    for (const item of items) {
      if (item.kind === 'frame') proxy().sent(id, from, item.frame);
      else if (item.kind === 'problem') proxy().problem(id, roleOf(item.from), item.problem);
    }
  }

  function readAtProxy(id: number, connection: Connection, from: Role, bytes: Uint8Array): void {
    connection.inBytes.add(from);
    connection.tap ??= carrier.converse({ authority: '', seen: '' });
    take(id, from, connection.tap.push(sideOf(from), bytes));
  }

  function enter(connection: Connection): void {
    connection.id = dialled;
    connections.set(connection.id, connection);
    dialled += 1;
    proxy().opened(connection.id, connection.server);
  }

  function toEnd(id: number, role: Role, happen: (end: SimulatedLink) => void): void {
    const connection = connections.get(id);
    hop(() => {
      const end = connection?.ends[role];
      if (end !== undefined) happen(end);
    });
  }

  function endBoth(id: number, how: 'fin' | 'rst'): void {
    toEnd(id, 'client', (end) => end.end(how));
    const path = connections.get(id)?.path;
    if (path === undefined) toEnd(id, 'server', (end) => end.end(how));
    else path.end('client');
    connections.delete(id);
  }

  /** The server takes a connection. */
  function reach(connection: Connection, acceptor: Accept): void {
    let owner: LinkEvents | undefined;
    const end = makeEnd('server', connection, () => {
      if (owner === undefined) throw new Error('a link was used before its acceptor answered');
      return owner;
    });
    owner = acceptor(end.link);
    environment.after(0, () => end.open());
  }

  /** Sends a connection on its way to the server, through the toxics. */
  function enterToxics(id: number, connection: Connection, acceptor: Accept, through: Toxics): void {
    // What comes after the proxy has ended the connection is nothing to it.
    const atLiving = (happen: () => void) => {
      if (connections.has(id)) happen();
    };
    const path = startToxicPath(carrier, through, {
      requested: () =>
        hop(() => {
          reach(connection, acceptor);
          hop(() => connection.path?.answer());
        }),
      answered: () => {
        if (preamble !== undefined) atLiving(() => proxy().sent(id, 'server', openingOf(preamble.acceptor)));
        else if (carrier.preamble !== undefined) atLiving(() => toEnd(id, 'client', (end) => end.open()));
      },
      frame(to, frame) {
        if (to === 'client') atLiving(() => proxy().sent(id, 'server', frame));
        else if (isForLinks(frame)) hop(() => connection.ends.server?.arrive(frame));
      },
      ended(end, how) {
        if (end === 'server') hop(() => connection.ends.server?.end(how));
        else if (how === 'fin' && carrier.fin !== undefined) atLiving(() => proxy().sent(id, 'server', { ...carrier.fin } as CloseFrame));
        else atLiving(() => proxy().ended(id, 'server', how));
      },
    });
    if (path === undefined) hop(() => atLiving(() => proxy().ended(id, 'server', 'rst')));
    else connection.path = path;
  }

  /** What goes before the frames leads a connection on: the request to the server, the answer to it to the client. */
  function deliverOpening(id: number, to: Role): void {
    const connection = connections.get(id);
    const acceptor = connection === undefined ? undefined : accept(connection.server);
    if (connection === undefined || preamble === undefined || acceptor === undefined) return;
    if (to === 'client') toEnd(id, 'client', (end) => end.open());
    else if (toxics !== undefined && connection.server === undefined) enterToxics(id, connection, acceptor, toxics);
    else {
      hop(() => {
        reach(connection, acceptor);
        atProxy(connection, () => proxy().sent(id, 'server', openingOf(preamble.acceptor)));
      });
    }
  }

  /** Who dials a stream is connected once the proxy took it, wherever that leads. */
  function connected(id: number): void {
    if (carrier.preamble === undefined) toEnd(id, 'client', (end) => end.open());
  }

  /** Answers whoever dialled a stream in words, and ends it. */
  function turnAway(id: number): void {
    const words = carrier.converse({ authority: '', seen: '' }).push('acceptor', carrier.refusal ?? new Uint8Array(0));
    for (const item of words) {
      const frame = item.kind === 'frame' ? item.frame : undefined;
      if (frame !== undefined && isForLinks(frame)) toEnd(id, 'client', (end) => end.arrive(frame));
    }
    endBoth(id, 'fin');
  }

  const wire: Wire = {
    accept(id) {
      const connection = connections.get(id);
      if (connection === undefined) return;
      connected(id);
      const acceptor = accept(connection.server);
      if (acceptor === undefined) {
        hop(() => {
          if (connections.has(id)) proxy().ended(id, 'server', 'rst');
        });
        return;
      }
      if (toxics !== undefined && connection.server === undefined) {
        if (preamble !== undefined) proxy().sent(id, 'client', openingOf(preamble.dialler));
        else enterToxics(id, connection, acceptor, toxics);
        return;
      }
      if (preamble !== undefined) {
        proxy().sent(id, 'client', openingOf(preamble.dialler));
        return;
      }
      hop(() => {
        reach(connection, acceptor);
        if (carrier.preamble !== undefined) hop(() => connection.ends.client?.open(), 2);
      });
    },
    refuse(id, how) {
      connected(id);
      if (how === 'http' && carrier.fin !== undefined) turnAway(id);
      else if (how !== 'silent') endBoth(id, 'rst');
    },
    deliver({ connection, to, frame }) {
      if (frame.class === 'opening') deliverOpening(connection, to);
      if (!isForLinks(frame)) return;
      const path = to === 'server' ? connections.get(connection)?.path : undefined;
      if (path === undefined) toEnd(connection, to, (end) => end.arrive(frame));
      else path.frame('client', frame);
    },
    // Half a frame is nothing to a link.
    deliverPart() {},
    end: endBoth,
  };

  return {
    wire,
    dial(events, address) {
      const server = address === undefined ? undefined : serverAt(address);
      const connection: Connection = { id: undefined, server, ends: {}, inBytes: new Set() };
      const { link } = makeEnd('client', connection, () => events);
      hop(() => enter(connection));
      return link;
    },
  };
}

function openingOf(data: Uint8Array): OpeningFrame {
  return { kind: 'head', class: 'opening', data };
}

function isForLinks(frame: Frame): frame is MessageFrame | CloseFrame {
  return frame.class === 'data' || frame.class === 'closing';
}
