import { createServer, type ServerOpts, type Socket } from 'node:net';
import type { Carrier, CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { LinkEvents } from '../../../protocols/common/environment.ts';
import { dialProblem } from './dial-problem.ts';
import type { Listen } from './listening.ts';
import { boundUnread } from './unread.ts';

/** Keeps sockets that are let go of together: `close` ends all there are, and resolves when they are gone. */
export function keepSockets() {
  const live = new Set<Socket>();
  let closed = false;
  return {
    add(socket: Socket) {
      live.add(socket);
      socket.on('close', () => live.delete(socket));
    },
    closed: () => closed,
    async close() {
      closed = true;
      await Promise.all(
        [...live].map((socket) => {
          const gone = new Promise((resolve) => socket.on('close', resolve));
          socket.destroy();
          return gone;
        }),
      );
    },
  };
}

/** Hears of what goes wrong while somebody dials. */
export interface DialListener {
  readonly problem: (problem: CarrierProblem) => void;
  readonly error: (error: Error) => void;
}

/** Tells what goes wrong with a socket that dials an address. */
export function tellErrors(socket: Socket, address: URL, { problem, error: tell }: DialListener): void {
  socket.on('error', (error: NodeJS.ErrnoException) => {
    tell(error);
    if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') problem(dialProblem(error, address));
  });
}

/** Writes to a socket as long as it is open and its other end reads; gives whether it was written. See `boundUnread`. */
export function writerOf(socket: Socket): (bytes: Uint8Array) => boolean {
  const { mayWrite, done } = boundUnread({ waiting: () => socket.writableLength, abort: () => socket.resetAndDestroy() });
  return (bytes) => {
    if (socket.connecting || !socket.writable || !mayWrite()) return false;
    socket.write(bytes, done);
    return true;
  };
}

/** Who hears of a link: known once its acceptor has answered. Throws an Error before. */
export function ownerToCome() {
  let events: LinkEvents | undefined;
  return {
    owner(): LinkEvents {
      if (events === undefined) throw new Error('a link was used before its acceptor answered');
      return events;
    },
    answered(given: LinkEvents) {
      events = given;
    },
  };
}

/** Listens until it is closed with all that it accepted. */
export async function listenForSockets(
  { scheme }: Pick<Carrier, 'scheme'>,
  listen: Listen,
  options: ServerOpts,
  accepted: (socket: Socket, closed: () => boolean) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = keepSockets();
  const server = createServer(options, (socket) => {
    sockets.add(socket);
    accepted(socket, sockets.closed);
  });
  const { host, port } = await listen(server);
  return {
    url: `${scheme}://${host}:${port}`,
    async close() {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      await gone;
    },
  };
}
