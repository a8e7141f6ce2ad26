import type { Socket } from 'node:net';

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
