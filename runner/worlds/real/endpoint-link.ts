import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HandshakeWatch } from '../../../protocols/carriers/websocket/handshake-watch.ts';
import type { Carrier, CarrierProblem, Endpoint, StartEndpoint, WireItem } from '../../../protocols/common/carrier.ts';
import type { Accept, Dial, LinkEvents } from '../../../protocols/common/environment.ts';
import { otherSide, type Side } from '../../../protocols/common/frame.ts';
import { dialProblem } from './dial-problem.ts';
import { keepSockets } from './sockets.ts';

/** Links of a carrier whose ends write and read the heads of the upgrade themselves; see `Links`. */
export function endpointLinks(carrier: Carrier, start: StartEndpoint) {
  return {
    dialer: (url: string, onProblem?: (problem: CarrierProblem) => void, onError?: (error: Error) => void) =>
      dialEndpoint({ carrier, start }, url, onProblem, onError),
    listen: (accept: Accept, port?: number) => listenForEndpoints({ carrier, start }, accept, port),
  };
}

interface Made {
  readonly carrier: Carrier;
  readonly start: StartEndpoint;
}

function dialEndpoint(
  made: Made,
  url: string,
  onProblem: (problem: CarrierProblem) => void = () => {},
  onError: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const sockets = keepSockets();
  return {
    dial(events, to = url) {
      if (sockets.closed()) return { send() {}, close() {}, abort() {} };
      const address = new URL(to);
      const secure = address.protocol === 'wss:';
      const host = address.hostname.replace(/^\[(.*)\]$/, '$1');
      const port = address.port === '' ? (secure ? 443 : (made.carrier.port ?? 0)) : Number(address.port);
      const socket = secure ? connectTls({ host, port, servername: host }) : connect({ host, port, noDelay: true });
      sockets.add(socket);
      socket.on('error', (error: NodeJS.ErrnoException) => {
        onError(error);
        if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') onProblem(dialProblem(error, address));
      });
      const watch = watchHandshake(onProblem);
      const endpoint = endpointOf(made, 'dialler', socket, () => events, sockets.closed, watch);
      socket.on(secure ? 'secureConnect' : 'connect', () => {
        if (!sockets.closed()) endpoint.open();
      });
      return endpoint.link;
    },
    close: sockets.close,
  };
}

async function listenForEndpoints(made: Made, accept: Accept, wanted = 0): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = keepSockets();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let events: LinkEvents | undefined;
    const owner = (): LinkEvents => {
      if (events === undefined) throw new Error('a link was used before its acceptor answered');
      return events;
    };
    const endpoint = endpointOf(made, 'acceptor', socket, owner, sockets.closed);
    events = accept(endpoint.link);
    endpoint.open();
  });
  await once(server.listen(wanted, '127.0.0.1'), 'listening');
  return {
    url: `${made.carrier.scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      await gone;
    },
  };
}

/** What a dialler makes of the bytes of an upgrade, to say why it failed. */
interface Watching {
  wrote(bytes: Uint8Array): void;
  read(bytes: Uint8Array): void;
  broken(why: string): void;
  ended(): void;
}

/** Tells the first thing that is wrong with an upgrade, or with the frames behind it. */
function watchHandshake(onProblem: (problem: CarrierProblem) => void): Watching {
  const watch = new HandshakeWatch();
  let told = false;
  const tell = (problem: CarrierProblem | undefined): void => {
    if (problem === undefined || told) return;
    told = true;
    onProblem(problem);
  };
  return {
    wrote: (head) => tell(watch.head('dialler', head)),
    read: (head) => tell(watch.head('acceptor', head)),
    broken: (why) => tell({ kind: 'broken-frame', detail: why, text: `sent what is no WebSocket frame: ${why}` }),
    ended: () => tell(watch.ended('acceptor')),
  };
}

const UNWATCHED: Watching = { wrote() {}, read() {}, broken() {}, ended() {} };

function endpointOf(
  { carrier, start }: Made,
  side: Side,
  socket: Socket,
  owner: () => LinkEvents,
  deaf: () => boolean,
  watching: Watching = UNWATCHED,
): Endpoint {
  const conversation = carrier.converse({ authority: '', seen: '', seesOpenings: true });
  const other = otherSide(side);
  const write = (bytes: Uint8Array): void => {
    if (!socket.connecting && socket.writable) socket.write(bytes);
  };
  const endpoint = start(
    side,
    {
      frame: (frame) => {
        if (frame.class === 'opening') watching.wrote(frame.data);
        write(carrier.encode(frame, side, 1, unforeseeable));
      },
      bytes: write,
      ended: (how) => {
        if (how === 'fin') socket.end();
        else if (socket.connecting) socket.destroy();
        else socket.resetAndDestroy();
      },
      later: (happen) => setImmediate(() => !deaf() && happen()),
    },
    owner,
  );
  const hear = (items: readonly WireItem[]): void => {
    for (const item of items) {
      if (deaf()) return;
      if (item.kind === 'frame') {
        if (item.frame.class === 'opening') watching.read(item.frame.data);
        endpoint.arrive(item.frame);
      } else if (item.kind === 'problem' || item.kind === 'unread') {
        const why = item.kind === 'unread' ? item.error : item.problem.detail;
        watching.broken(why);
        endpoint.broken(why);
      }
    }
  };
  socket.on('data', (chunk: Buffer) => hear(conversation.push(other, chunk)));
  socket.on('end', () => {
    hear(conversation.end(other, 'fin'));
    socket.end();
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', (hadError) => {
    watching.ended();
    if (!deaf()) endpoint.end(hadError ? 'rst' : 'fin');
  });
  return endpoint;
}

/** A number for a byte of a mask key, from 0 up to 1. */
function unforeseeable(): number {
  return (randomBytes(1)[0] ?? 0) / 256;
}
