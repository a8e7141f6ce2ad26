import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { LengthDeframer, withLength } from '../../../protocols/carriers/tcp/deframer.ts';
import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import { type Accept, type Dial, type Link, type LinkEvents, LOST, NO_CODE } from '../../../protocols/common/environment.ts';
import { dialProblem } from './dial-problem.ts';

/** Makes links to `url` (`tcp://127.0.0.1:7000`) whose messages are frames behind their length; see `Links`. */
export function dialTcp(
  url: string,
  onProblem: (problem: CarrierProblem) => void = () => {},
  onError: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const sockets = keepSockets();
  return {
    dial(events, to = url) {
      if (sockets.closed()) return { send() {}, close() {}, abort() {} };
      const address = new URL(to);
      const host = address.hostname.replace(/^\[(.*)\]$/, '$1');
      const socket = connect({ host, port: Number(address.port), noDelay: true, allowHalfOpen: true });
      sockets.add(socket);
      socket.on('error', (error: NodeJS.ErrnoException) => {
        onError(error);
        if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') onProblem(dialProblem(error, address));
      });
      socket.on('connect', () => {
        if (!sockets.closed()) events.opened();
      });
      return linkOf(socket, () => events, sockets.closed);
    },
    close: sockets.close,
  };
}

/** Listens on the loopback for links whose messages are frames behind their length; see `Links`. */
export async function listenForTcp(accept: Accept, wanted = 0): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = keepSockets();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    let events: LinkEvents | undefined;
    const link = linkOf(
      socket,
      () => {
        if (events === undefined) throw new Error('a link was used before its acceptor answered');
        return events;
      },
      sockets.closed,
    );
    events = accept(link);
    events.opened();
  });
  await once(server.listen(wanted, '127.0.0.1'), 'listening');
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      await gone;
    },
  };
}

/** Sockets that are let go of together. */
function keepSockets() {
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

function linkOf(socket: Socket, owner: () => LinkEvents, deaf: () => boolean): Link {
  const deframer = new LengthDeframer();
  let ended = false;
  socket.on('data', (chunk: Buffer) => {
    for (const { frame } of deframer.push(chunk)) if (!deaf()) owner().message(frame);
  });
  socket.on('end', () => {
    ended = true;
    if (deaf()) return;
    const { ended: hear } = owner();
    if (hear === undefined) socket.end();
    else hear();
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', (hadError) => {
    if (!deaf()) owner().closed({ code: ended && !hadError ? NO_CODE : LOST, reason: '' });
  });
  const write = (bytes: Uint8Array): void => {
    if (!socket.connecting && socket.writable) socket.write(bytes);
  };
  return {
    send: ({ data }) => write(withLength(data)),
    raw: write,
    close: () => socket.end(),
    abort: () => (socket.connecting ? socket.destroy() : socket.resetAndDestroy()),
  };
}
