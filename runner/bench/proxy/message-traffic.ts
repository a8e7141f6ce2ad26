import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Size, Traffic } from './traffic.ts';

/** Messages that are under way at once, by their size. */
const WINDOWS: Readonly<Record<Size, number>> = { message: 64, large: 4 };

/** Traffic of WebSocket messages with these bodies, which an echoing server sends back. */
export function messageTraffic(bodies: Readonly<Record<Size, Uint8Array>>): Traffic {
  const urlOf = (port: number): string => `ws://127.0.0.1:${port}`;
  return {
    pingPong: (port, times) => pingPong(urlOf(port), bodies.message, times),
    flood: (port, size, times) => flood(urlOf(port), bodies[size], times, WINDOWS[size]),
  };
}

/** Sends messages one after the other, each when the last one has come back. µs from sending to receiving of each. */
async function pingPong(url: string, message: Uint8Array, times: number): Promise<readonly number[]> {
  const socket = await open(url);
  const took: number[] = [];
  await new Promise<void>((resolve) => {
    let sent = performance.now();
    socket.on('message', () => {
      const now = performance.now();
      took.push((now - sent) * 1000);
      if (took.length === times) return resolve();
      sent = performance.now();
      socket.send(message);
    });
    socket.send(message);
  });
  await close(socket);
  return took;
}

/** Messages a second that come back where `window` of them are under way all the time. */
async function flood(url: string, message: Uint8Array, times: number, window: number): Promise<number> {
  const socket = await open(url);
  const began = performance.now();
  await new Promise<void>((resolve) => {
    let received = 0;
    let sent = 0;
    const send = (): void => {
      if (sent === times) return;
      sent += 1;
      socket.send(message);
    };
    socket.on('message', () => {
      received += 1;
      if (received === times) resolve();
      else send();
    });
    for (let i = 0; i < window; i += 1) send();
  });
  const seconds = (performance.now() - began) / 1000;
  await close(socket);
  return times / seconds;
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
  await once(socket, 'open');
  return socket;
}

async function close(socket: WebSocket): Promise<void> {
  socket.terminate();
  if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
}
