import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Role } from '../../protocols/common/frame.ts';
import { atUsual, type Listen } from '../worlds/real/listening.ts';
import type { Conduit } from './conduit.ts';
import type { LinkSurroundings } from './link.ts';
import type { Address, ToxicNetwork } from './network.ts';
import { Toxics } from './toxics.ts';

/** A toxic network of this process: a TCP proxy on the loopback, on a free port unless told where. Rejects when it cannot listen. */
export async function startEmbeddedNetwork(
  server: Address,
  surroundings: LinkSurroundings,
  listen: Listen = atUsual(),
): Promise<ToxicNetwork> {
  const toxics = new Toxics(surroundings);
  const sockets = new Set<Socket>();
  let isUp = true;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // An error is followed by `close`.
    socket.on('error', () => {});
  }

  // As with Toxiproxy: what the client writes is not read before the server is reached.
  const listener = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    keep(client);
    if (!isUp) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ ...server, noDelay: true, allowHalfOpen: true });
    keep(upstream);
    const give = () => client.destroySoon();
    upstream.once('error', give);
    upstream.once('connect', () => {
      upstream.off('error', give);
      join(toxics, { client, server: upstream });
    });
  });
  const address = await listen(listener);

  return {
    address,
    add: (toxic) => toxics.add(toxic),
    remove: (name) => toxics.remove(name),
    down() {
      isUp = false;
      toxics.down();
    },
    up() {
      isUp = true;
      toxics.up();
    },
    async close() {
      toxics.stop();
      const closed = once(listener.close(), 'close');
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function join(toxics: Toxics, sockets: Readonly<Record<Role, Socket>>): void {
  const conduit = toxics.connect({
    bytes: (to, data) => void sockets[to].write(data),
    closed: (end, how) => {
      if (how === 'rst') sockets[end].resetAndDestroy();
      else sockets[end].destroySoon();
    },
  });
  if (conduit === undefined) {
    for (const socket of [sockets.client, sockets.server]) socket.resetAndDestroy();
    return;
  }
  read('client', sockets.client, conduit);
  read('server', sockets.server, conduit);
}

function read(from: Role, socket: Socket, conduit: Conduit): void {
  socket.on('data', (chunk: Buffer) => conduit.push(from, chunk));
  socket.on('end', () => conduit.end(from));
  socket.on('close', () => conduit.end(from));
  socket.resume();
}
