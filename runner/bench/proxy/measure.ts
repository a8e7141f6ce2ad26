import { once } from 'node:events';
import { WebSocket } from 'ws';

/** How long an echo takes on a way, in µs, one message after the other. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Sends messages one after the other, each when the last one has come back. µs from sending to receiving of each. */
export async function pingPong(url: string, message: Uint8Array, times: number): Promise<readonly number[]> {
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
export async function flood(url: string, message: Uint8Array, times: number, window: number): Promise<number> {
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
