import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Exchange, Exchanges } from './exchanges.ts';
import type { Traffic } from './traffic.ts';

/** Large ones that are under way at once. */
const LARGE_WINDOW = 4;

/** Traffic of requests and answers, as a socket writes them. */
export function exchangeTraffic({ of, connections, window }: Exchanges): Traffic {
  return {
    async pingPong(port, times) {
      const socket = await open(port);
      const took: number[] = [];
      await exchanging(socket, of.message, times, 1, (ms) => took.push(ms * 1000));
      socket.destroy();
      return took;
    },
    async flood(port, size, times) {
      const several = size === 'large' ? Math.min(connections, LARGE_WINDOW) : connections;
      const at = size === 'large' ? Math.max(1, Math.min(window, LARGE_WINDOW)) : window;
      const sockets = await Promise.all(Array.from({ length: several }, () => open(port)));
      const each = Math.ceil(times / several);
      const began = performance.now();
      await Promise.all(sockets.map((socket) => exchanging(socket, of[size], each, at)));
      const seconds = (performance.now() - began) / 1000;
      for (const socket of sockets) socket.destroy();
      return (each * several) / seconds;
    },
  };
}

/** Sends a request so many times, `window` of them under way; `took` hears how many ms passed since the one before was answered. */
function exchanging(socket: Socket, { request, answer }: Exchange, times: number, window: number, took?: (ms: number) => void) {
  return new Promise<void>((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    let taken = 0;
    let since = performance.now();
    const send = (): void => {
      if (sent === times) return;
      sent += 1;
      socket.write(request);
    };
    socket.on('close', () => reject(new Error(`the connection ended after ${answered} of ${times} answers`)));
    socket.on('data', (chunk) => {
      taken += chunk.length;
      for (; taken >= answer.length; taken -= answer.length) {
        answered += 1;
        const now = performance.now();
        took?.(now - since);
        since = now;
        send();
      }
      if (answered === times) resolve();
    });
    for (let i = 0; i < window; i += 1) send();
  });
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}
