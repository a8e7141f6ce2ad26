import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { atUsual, type Listen, ownHosts, ownPlaces, USUAL_HOST } from './listening.ts';

const listeners: Server[] = [];

afterEach(async () => {
  for (const listener of listeners.splice(0)) if (listener.listening) await close(listener);
});

async function close(listener: Server): Promise<void> {
  await new Promise((resolve) => listener.close(resolve));
}

async function listening(listen: Listen): Promise<string> {
  const listener = createServer();
  listeners.push(listener);
  const { host, port } = await listen(listener);
  expect(listener.address()).toMatchObject({ address: host, port });
  return `${host}:${port}`;
}

/** Dials, and resolves when it is known whether somebody answers. */
async function dial(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('error', () => resolve());
  });
  socket.destroy();
}

/** Chooses the first port: a share of them, 0 up to 1. */
const at = (share: number) => (): number => share;

describe('ownHosts', () => {
  it('gives addresses of the loopback, each once and always the same, none of which systems keep for themselves', () => {
    expect(ownHosts()).toEqual(ownHosts());
    expect(new Set(ownHosts()).size).toBe(16);
    for (const host of ownHosts()) expect(host).toMatch(/^127\.(?!0\.)\d+\.\d+\.(?!0$|255$)\d+$/);
  });
});

describe('ownPlaces', () => {
  it('gives no place twice, though each was let go of', async () => {
    const places = ownPlaces();
    const given: string[] = [];
    for (let i = 0; i < 300; i += 1) {
      const listener = createServer();
      const { host, port } = await places.listen(listener);
      given.push(`${host}:${port}`);
      await close(listener);
    }
    expect(new Set(given).size).toBe(given.length);
  });

  it('gives ports below those that a system gives to whoever asks for any', async () => {
    const places = ownPlaces(ownHosts(), at(0.9999));
    const ports = await Promise.all([1, 2, 3, 4, 5].map(async () => Number((await listening(places.listen)).split(':')[1])));
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...ports)).toBeLessThan(32_000);
  });

  it('passes by what somebody has', async () => {
    const hosts = [ownHosts()[7] ?? ''];
    const first = ownPlaces(hosts, at(0.3));
    const second = ownPlaces(hosts, at(0.3));
    const taken = [await listening(first.listen), await listening(first.listen)];
    expect(taken).not.toContain(await listening(second.listen));
  });

  it('listens at 127.0.0.1 where the system has no other', async () => {
    // An address of documents, which no machine has.
    const places = ownPlaces(['192.0.2.1'], at(0.6));
    expect(await places.host()).toBe(USUAL_HOST);
    const one = await listening(places.listen);
    expect(one).toMatch(/^127\.0\.0\.1:/);
    expect(await listening(places.listen)).not.toBe(one);
  });

  it('listens there for who dials nothing else', async () => {
    expect(await listening(ownPlaces().listenAtUsual)).toMatch(/^127\.0\.0\.1:/);
  });
});

it.runIf(process.platform === 'linux')('who dials the same port of another address of the loopback does not reach it', async () => {
  const [host = '', port = ''] = (await listening(ownPlaces().listen)).split(':');
  const reached: (string | undefined)[] = [];
  const first = once(listeners[0] as Server, 'connection');
  listeners[0]?.on('connection', (socket) => reached.push(socket.localAddress));
  await dial(USUAL_HOST, Number(port));
  await dial(host, Number(port));
  await first;
  expect(reached).toEqual([host]);
});

it('atUsual takes the port that it is told', async () => {
  const one = await listening(atUsual());
  expect(one).toMatch(/^127\.0\.0\.1:/);
  await expect(listening(atUsual(Number(one.split(':')[1])))).rejects.toThrow('EADDRINUSE');
});
