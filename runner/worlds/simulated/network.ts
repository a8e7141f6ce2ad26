import type { Accept, Dial, Environment, LinkEvents } from '../../../protocols/common/environment.ts';
import type { CloseFrame, Frame, MessageFrame, Role } from '../../../protocols/common/frame.ts';
import type { Toxics } from '../../toxics/toxics.ts';
import type { Wire, WireProxy } from '../proxy.ts';
import { createLink, type SimulatedLink } from './link.ts';
import { startToxicPath, type ToxicPath } from './toxic-path.ts';

/** Virtual ms from an end to the proxy and from the proxy to an end. */
const HOP_MS = 1;

/** A network in memory: clients dial through the proxy to one server. */
export interface Network {
  readonly dial: Dial;
  /** What the proxy does to connections. */
  readonly wire: Wire;
}

interface Connection {
  id: number | undefined;
  readonly ends: Partial<Record<Role, SimulatedLink>>;
  /** Where there are toxics: the way between the proxy and the server. */
  path?: ToxicPath;
}

/** Makes a network. `accept` and `proxy` are asked for when the first connection comes; `toxics` lie before the server. */
export function createNetwork(environment: Environment, accept: () => Accept, proxy: () => WireProxy, toxics?: Toxics): Network {
  const connections = new Map<number, Connection>();
  let dialled = 0;

  /** Lets something happen one hop away. */
  function hop(happen: () => void, hops = 1): void {
    environment.after(hops * HOP_MS, happen);
  }

  function makeEnd(role: Role, connection: Connection, owner: () => LinkEvents): SimulatedLink {
    const end = createLink(
      role,
      environment,
      {
        frame: (frame) => {
          const path = role === 'server' ? connection.path : undefined;
          if (path === undefined) atProxy(connection, (id) => proxy().sent(id, role, frame));
          else hop(() => path.frame('server', frame));
        },
        ended: () => {
          const path = role === 'server' ? connection.path : undefined;
          if (path === undefined) atProxy(connection, (id) => proxy().ended(id, role, 'fin'));
          else hop(() => path.end('server'));
        },
      },
      owner,
    );
    connection.ends[role] = end;
    return end;
  }

  /** What an end wrote reaches the proxy, unless the connection is over there. A dial got its number before anything else came. */
  function atProxy(connection: Connection, happen: (id: number) => void): void {
    hop(() => {
      if (connection.id !== undefined && connections.has(connection.id)) happen(connection.id);
    });
  }

  function enter(connection: Connection): void {
    connection.id = dialled;
    connections.set(connection.id, connection);
    dialled += 1;
    proxy().opened(connection.id);
  }

  function toEnd(id: number, role: Role, happen: (end: SimulatedLink) => void): void {
    const connection = connections.get(id);
    hop(() => {
      const end = connection?.ends[role];
      if (end !== undefined) happen(end);
    });
  }

  function endBoth(id: number): void {
    toEnd(id, 'client', (end) => end.end());
    const path = connections.get(id)?.path;
    if (path === undefined) toEnd(id, 'server', (end) => end.end());
    else path.end('client');
    connections.delete(id);
  }

  /** The server takes a connection. */
  function reach(connection: Connection): void {
    let owner: LinkEvents | undefined;
    const end = makeEnd('server', connection, () => {
      if (owner === undefined) throw new Error('a link was used before its acceptor answered');
      return owner;
    });
    owner = accept()(end.link);
    environment.after(0, () => end.open());
  }

  /** Sends a connection on its way to the server, through the toxics. */
  function enterToxics(id: number, connection: Connection, through: Toxics): void {
    // What comes after the proxy has ended the connection is nothing to it.
    const atLiving = (happen: () => void) => {
      if (connections.has(id)) happen();
    };
    const path = startToxicPath(through, {
      requested: () =>
        hop(() => {
          reach(connection);
          hop(() => connection.path?.answer());
        }),
      answered: () => atLiving(() => toEnd(id, 'client', (end) => end.open())),
      frame(to, frame) {
        if (to === 'client') atLiving(() => proxy().sent(id, 'server', frame));
        else if (isForLinks(frame)) hop(() => connection.ends.server?.arrive(frame));
      },
      ended(end, how) {
        if (end === 'client') atLiving(() => proxy().ended(id, 'server', how));
        else hop(() => connection.ends.server?.end());
      },
    });
    if (path === undefined) hop(() => atLiving(() => proxy().ended(id, 'server', 'rst')));
    else connection.path = path;
  }

  const wire: Wire = {
    accept(id) {
      const connection = connections.get(id);
      if (connection === undefined) return;
      if (toxics !== undefined) {
        enterToxics(id, connection, toxics);
        return;
      }
      hop(() => {
        reach(connection);
        hop(() => connection.ends.client?.open(), 2);
      });
    },
    refuse(id, how) {
      if (how !== 'silent') endBoth(id);
    },
    deliver({ connection, to, frame }) {
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
    dial(events) {
      const connection: Connection = { id: undefined, ends: {} };
      const { link } = makeEnd('client', connection, () => events);
      hop(() => enter(connection));
      return link;
    },
  };
}

function isForLinks(frame: Frame): frame is MessageFrame | CloseFrame {
  return frame.class === 'data' || frame.class === 'closing';
}
