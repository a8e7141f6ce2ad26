import {
  type Carrier,
  type Conversation,
  type Endpoint,
  type EndpointOutlet,
  isFin,
  type WireItem,
} from '../../../protocols/common/carrier.ts';
import type { Accept, Dial, Environment, LinkEvents } from '../../../protocols/common/environment.ts';
import {
  type CloseFrame,
  type Frame,
  type MessageFrame,
  type OpeningFrame,
  otherSide,
  type Party,
  roleOf,
  type Side,
  type UpkeepFrame,
} from '../../../protocols/common/frame.ts';
import type { Instance } from '../../../protocols/common/instance.ts';
import type { Toxics } from '../../toxics/toxics.ts';
import type { Wire, WireProxy } from '../proxy.ts';
import { createLink, type SimulatedLink } from './link.ts';
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
  /** Who dialled the broker, where there is one. */
  readonly dialler: Instance | undefined;
  readonly ends: Partial<Record<Side, SimulatedLink | Endpoint>>;
  /** Where there are toxics: the way between the proxy and the server. */
  path?: ToxicPath;
  /** Reads what ends that write bytes outside of frames have written, from the first of those on. */
  tap?: Conversation;
  readonly inBytes: Set<Side>;
  /** Heads that ends wrote themselves, in order: what is read as bytes later on begins behind them. */
  readonly heads: { readonly from: Side; readonly head: OpeningFrame }[];
}

/** Where an address leads. */
export interface Destination {
  /** Handle of the server, where it is not the one that is there without a step. */
  readonly server?: string | undefined;
  /** Whose way to the broker it is, where there is one. */
  readonly dialler?: Instance | undefined;
}

/** Who is at that side of a connection. */
function partyAt({ dialler }: Pick<Connection, 'dialler'>, side: Side): Party {
  if (dialler === undefined) return roleOf(side);
  return side === 'dialler' ? dialler.role : 'broker';
}

/** At which side of a connection a party is. */
function sideAt(connection: Pick<Connection, 'dialler'>, party: Party): Side {
  return party === partyAt(connection, 'dialler') ? 'dialler' : 'acceptor';
}

/**
 * Makes a network. `accept` gives the server of that handle (undefined: the one that is there without a step), and like `proxy` it is asked
 * for when connections come; `toxicsOf` gives those before the latter, of who dials. `destinationOf` says where an address leads. With `seesOpenings` what the
 * carrier's ends usually write before their frames passes the proxy as frames.
 */
export function createNetwork(
  carrier: Carrier,
  environment: Environment,
  accept: (server: string | undefined) => Accept | undefined,
  proxy: () => WireProxy,
  destinationOf: (address: string) => Destination,
  seesOpenings: boolean,
  toxicsOf: (dialler: Instance | undefined) => Toxics | undefined = () => undefined,
): Network {
  const connections = new Map<number, Connection>();
  const preamble = seesOpenings ? carrier.preamble : undefined;
  let dialled = 0;

  /** Lets something happen one hop away. */
  function hop(happen: () => void, hops = 1): void {
    environment.after(hops * HOP_MS, happen);
  }

  function makeEnd(side: Side, connection: Connection, owner: () => LinkEvents): SimulatedLink | Endpoint {
    const pathOf = (): ToxicPath | undefined => (side === 'acceptor' ? connection.path : undefined);
    const outlet: EndpointOutlet = {
      frame: (frame) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => arriveAtProxy(id, connection, side, frame));
        else hop(() => path.frame('server', frame));
      },
      bytes: (bytes) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => readAtProxy(id, connection, side, bytes));
        else hop(() => path.bytes('server', bytes));
      },
      ended: (how) => {
        const path = pathOf();
        if (path === undefined) atProxy(connection, (id) => proxy().ended(id, partyAt(connection, side), how));
        else hop(() => path.end('server'));
      },
      later: (happen) => void environment.after(0, happen),
    };
    const end =
      carrier.endpoint !== undefined
        ? carrier.endpoint(side, outlet, owner)
        : carrier.fin === undefined
          ? createLink(roleOf(side), environment, outlet, owner)
          : createStreamLink(roleOf(side), carrier.fin, environment, outlet, owner);
    connection.ends[side] = end;
    return end;
  }

  /** What an end wrote reaches the proxy, unless the connection is over there. A dial got its number before anything else came. */
  function atProxy(connection: Connection, happen: (id: number) => void): void {
    hop(() => {
      if (connection.id !== undefined && connections.has(connection.id)) happen(connection.id);
    });
  }

  function arriveAtProxy(id: number, connection: Connection, from: Side, frame: Frame): void {
    // Behind bytes that are no frame yet, one is but more bytes.
    if (connection.inBytes.has(from) && !isFin(carrier, frame)) {
      readAtProxy(id, connection, from, carrier.encode(frame, from, 1, environment.random));
      return;
    }
    if (frame.class === 'opening') {
      connection.heads.push({ from, head: frame });
      connection.tap?.push(from, frame.data);
    }
    if (isFin(carrier, frame) && connection.tap !== undefined) take(id, connection, from, connection.tap.end(from, 'fin'));
    proxy().sent(id, partyAt(connection, from), frame);
  }

  /** What passes the proxy; bytes that are no frame are nothing to links. */
  function take(id: number, connection: Connection, from: Side, items: readonly WireItem[]): void {
    for (const item of items) {
      if (item.kind === 'frame') proxy().sent(id, partyAt(connection, from), item.frame);
      else if (item.kind === 'problem') {
        const { problem } = item;
        proxy().problem(id, partyAt(connection, item.from), problem);
        toEnd(id, otherSide(item.from), (end) => 'broken' in end && end.broken(problem.detail));
      }
    }
  }

  function readAtProxy(id: number, connection: Connection, from: Side, bytes: Uint8Array): void {
    connection.inBytes.add(from);
    connection.tap ??= tapBehind(connection);
    take(id, connection, from, connection.tap.push(from, bytes));
  }

  function tapBehind({ heads }: Connection): Conversation {
    const tap = carrier.converse({ authority: '', seen: '', seesOpenings: carrier.endpoint !== undefined });
    for (const { from, head } of heads) tap.push(from, head.data);
    return tap;
  }

  function enter(connection: Connection): void {
    connection.id = dialled;
    connections.set(connection.id, connection);
    dialled += 1;
    proxy().opened(connection.id, connection.server, connection.dialler);
  }

  function toEnd(id: number, side: Side, happen: (end: SimulatedLink | Endpoint) => void): void {
    const connection = connections.get(id);
    hop(() => {
      const end = connection?.ends[side];
      if (end !== undefined) happen(end);
    });
  }

  function endBoth(id: number, how: 'fin' | 'rst'): void {
    toEnd(id, 'dialler', (end) => end.end(how));
    const path = connections.get(id)?.path;
    if (path === undefined) toEnd(id, 'acceptor', (end) => end.end(how));
    else path.end('client');
    connections.delete(id);
  }

  /** The server takes a connection. */
  function reach(connection: Connection, acceptor: Accept): void {
    let owner: LinkEvents | undefined;
    const end = makeEnd('acceptor', connection, () => {
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
        if (preamble !== undefined) atLiving(() => proxy().sent(id, partyAt(connection, 'acceptor'), openingOf(preamble.acceptor)));
        else if (carrier.preamble !== undefined) atLiving(() => toEnd(id, 'dialler', (end) => end.open()));
      },
      frame(to, frame) {
        if (to === 'client') atLiving(() => proxy().sent(id, partyAt(connection, 'acceptor'), frame));
        else hop(() => arrive(connection.ends.acceptor, frame));
      },
      ended(end, how) {
        if (end === 'server') hop(() => connection.ends.acceptor?.end(how));
        else if (how === 'fin' && carrier.fin !== undefined)
          atLiving(() => proxy().sent(id, partyAt(connection, 'acceptor'), { ...carrier.fin } as CloseFrame));
        else atLiving(() => proxy().ended(id, partyAt(connection, 'acceptor'), how));
      },
    });
    if (path === undefined) hop(() => atLiving(() => proxy().ended(id, partyAt(connection, 'acceptor'), 'rst')));
    else connection.path = path;
  }

  /** What goes before the frames leads a connection on: the request to the server, the answer to it to the client. */
  function deliverOpening(id: number, to: Side): void {
    const connection = connections.get(id);
    const acceptor = connection === undefined ? undefined : accept(connection.server);
    if (connection === undefined || preamble === undefined || acceptor === undefined) return;
    const toxics = toxicsOf(connection.dialler);
    if (to === 'dialler') toEnd(id, 'dialler', (end) => end.open());
    else if (toxics !== undefined && connection.server === undefined) enterToxics(id, connection, acceptor, toxics);
    else {
      hop(() => {
        reach(connection, acceptor);
        atProxy(connection, () => proxy().sent(id, partyAt(connection, 'acceptor'), openingOf(preamble.acceptor)));
      });
    }
  }

  /** Who dials a stream is connected once the proxy took it, wherever that leads. */
  function connected(id: number): void {
    if (carrier.preamble === undefined) toEnd(id, 'dialler', (end) => end.open());
  }

  /** Answers whoever dialled in words, and ends it. */
  function turnAway(id: number): void {
    const words = carrier.converse({ authority: '', seen: '', seesOpenings: true }).push('acceptor', carrier.refusal ?? new Uint8Array(0));
    for (const item of words) if (item.kind === 'frame') toEnd(id, 'dialler', (end) => arrive(end, item.frame));
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
          if (connections.has(id)) proxy().ended(id, partyAt(connection, 'acceptor'), 'rst');
        });
        return;
      }
      const toxics = toxicsOf(connection.dialler);
      if (toxics !== undefined && connection.server === undefined) {
        if (preamble !== undefined) proxy().sent(id, partyAt(connection, 'dialler'), openingOf(preamble.dialler));
        else enterToxics(id, connection, acceptor, toxics);
        return;
      }
      if (preamble !== undefined) {
        proxy().sent(id, partyAt(connection, 'dialler'), openingOf(preamble.dialler));
        return;
      }
      hop(() => {
        reach(connection, acceptor);
        if (carrier.preamble !== undefined) hop(() => connection.ends.dialler?.open(), 2);
      });
    },
    refuse(id, how) {
      connected(id);
      if (how === 'http' && carrier.preamble === undefined) turnAway(id);
      else if (how !== 'silent') endBoth(id, 'rst');
    },
    deliver({ connection: id, to: party, frame }) {
      const connection = connections.get(id);
      if (connection === undefined) return;
      const to = sideAt(connection, party);
      if (frame.class === 'opening') deliverOpening(id, to);
      const path = to === 'acceptor' ? connection.path : undefined;
      if (path === undefined) toEnd(id, to, (end) => arrive(end, frame));
      else if (carrier.endpoint !== undefined || isForLinks(frame)) path.frame('client', frame);
    },
    // Half a frame is nothing to a link.
    deliverPart() {},
    end: endBoth,
  };

  return {
    wire,
    dial(events, address) {
      const { server, dialler } = address === undefined ? {} : destinationOf(address);
      const connection: Connection = { id: undefined, server, dialler, ends: {}, inBytes: new Set(), heads: [] };
      const { link } = makeEnd('dialler', connection, () => events);
      hop(() => enter(connection));
      return link;
    },
  };
}

function openingOf(data: Uint8Array): OpeningFrame {
  return { kind: 'head', class: 'opening', data };
}

/** An endpoint takes every frame; of a link the world sees to what is no message and no end. */
function arrive(end: SimulatedLink | Endpoint | undefined, frame: Frame): void {
  if (end === undefined) return;
  if ('broken' in end) end.arrive(frame);
  else if (isForLinks(frame)) end.arrive(frame);
}

function isForLinks(frame: Frame): frame is MessageFrame | CloseFrame | UpkeepFrame {
  return frame.class !== 'opening';
}
