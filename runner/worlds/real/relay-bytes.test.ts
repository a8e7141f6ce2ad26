import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../protocols/carriers/websocket/framer.ts';
import { connectClient, listenBare, type RelayedServer, relayTo, startEcho } from './testing/relayed-echo.ts';

const request = 'GET /path HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n';
const response = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';
const mask = Uint8Array.of(1, 2, 3, 4);
const message = (text: string) => ({ kind: 'message', class: 'data', text: true, data: Buffer.from(text) }) as const;

let cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanUp) await clean();
  cleanUp = [];
});

interface BarePair {
  readonly relayed: RelayedServer;
  readonly client: Socket;
  readonly server: Socket;
}

/** Two bare sockets with the relay between them. */
async function barePair(): Promise<BarePair> {
  let accepted: (socket: Socket) => void = () => {};
  const accepting = new Promise<Socket>((resolve) => {
    accepted = resolve;
  });
  const listener: { port: number; server: Server } = await listenBare((socket) => accepted(socket));
  const relayed = await relayTo(listener.port);
  const client = connect({ port: relayed.relay.address.port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => {});
  const server = await accepting;
  cleanUp.push(
    () => relayed.close(),
    () => client.destroy(),
    () => server.destroy(),
    () => listener.server.close(),
  );
  return { relayed, client, server };
}

/** Reads exactly so many bytes, and sees that no more came with them. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    chunks.push(chunk);
    total += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function upgraded(pair: BarePair): Promise<void> {
  pair.client.write(request);
  await read(pair.server, request.length);
  pair.server.write(response);
  await read(pair.client, response.length);
}

/** How a socket's other end left: `end`, or the code of the error. */
async function farewell(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.resume();
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('bytes', () => {
  it('pass both ways as they came, in the frames and fragments in which they came', async () => {
    const pair = await barePair();
    await upgraded(pair);
    for (const [from, to, key] of [
      [pair.client, pair.server, mask],
      [pair.server, pair.client, undefined],
    ] as const) {
      const bytes = Buffer.concat([
        encodeFrame(message('hello'), { mask: key }),
        encodeFrame({ kind: 'message', class: 'data', text: false, data: new Uint8Array(70_000).fill(7) }, { mask: key, fragments: 3 }),
        encodeFrame({ kind: 'ping', class: 'upkeep', data: Uint8Array.of(1) }, { mask: key }),
        encodeFrame({ kind: 'close', class: 'closing', code: 4321, reason: 'odd' }, { mask: key }),
      ]);
      from.write(bytes.subarray(0, 3));
      from.write(bytes.subarray(3));
      expect((await read(to, bytes.length)).equals(bytes)).toBe(true);
    }
    expect(pair.relayed.all('sent').map(({ frame }) => frame.kind)).toEqual([
      ...['message', 'message', 'ping', 'close'],
      ...['message', 'message', 'ping', 'close'],
    ]);
  });

  it('of the upgrade request pass without its extensions', async () => {
    const { client, server } = await barePair();
    const own = request.replace('Host: x', `Host: 127.0.0.1:${server.localPort}`);
    client.write(request.replace('Upgrade', 'Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade'));
    expect((await read(server, own.length)).toString()).toBe(own);
  });

  it('that are no frames pass too, and the trace says so', async () => {
    const pair = await barePair();
    await upgraded(pair);
    const garbage = Buffer.concat([encodeFrame(message('ok'), { mask }), Buffer.from([0x81, 0x00, 1, 2, 3])]);
    pair.client.write(garbage);
    expect((await read(pair.server, garbage.length)).equals(garbage)).toBe(true);
    const told = pair.relayed.all('carrier').map(({ from, problem }) => [from, problem.kind, problem.text]);
    // The answer of this test's server is no good either.
    expect(told).toEqual([
      ['server', 'wrong-accept', expect.anything()],
      ['client', 'broken-frame', expect.stringMatching(/not masked/)],
    ]);
  });

  it('of a frame that never became whole pass before the end', async () => {
    const pair = await barePair();
    await upgraded(pair);
    pair.client.end(Buffer.from([0x81, 0xfe, 0x01]));
    const [rest, left] = await Promise.all([read(pair.server, 3), once(pair.server, 'end')]);
    expect([...rest]).toEqual([0x81, 0xfe, 0x01]);
    expect(left).toEqual([]);
  });

  it('overtake nothing but the fragments around a keep-alive', async () => {
    const pair = await barePair();
    await upgraded(pair);
    const whole = Buffer.from(encodeFrame(message('ab'), { mask: undefined, fragments: 2 }));
    const ping = Buffer.from(encodeFrame({ kind: 'ping', class: 'upkeep', data: new Uint8Array(0) }, { mask: undefined }));
    pair.server.write(Buffer.concat([whole.subarray(0, 3), ping]));
    expect((await read(pair.client, ping.length)).equals(ping)).toBe(true);
    pair.server.write(whole.subarray(3));
    expect((await read(pair.client, whole.length)).equals(whole)).toBe(true);
  });
});

describe('endings', () => {
  it.each(['client', 'server'] as const)('a %s that resets', async (by) => {
    const pair = await barePair();
    await upgraded(pair);
    const left = farewell(by === 'client' ? pair.server : pair.client);
    pair[by].resetAndDestroy();
    expect(await left).toBe('ECONNRESET');
    expect(await pair.relayed.event('closed')).toMatchObject({ connection: 0, by, how: 'rst' });
  });

  it.each(['client', 'server'] as const)('a %s that ends its stream', async (by) => {
    const pair = await barePair();
    await upgraded(pair);
    const left = farewell(by === 'client' ? pair.server : pair.client);
    pair[by].end();
    expect(await left).toBe('end');
    expect(await pair.relayed.event('closed')).toMatchObject({ connection: 0, by, how: 'fin' });
  });

  it.each(['fin', 'rst'] as const)('a cut with %s reaches both ends', async (how) => {
    const pair = await barePair();
    await upgraded(pair);
    const left = Promise.all([farewell(pair.client), farewell(pair.server)]);
    pair.relayed.relay.fault({ cut: { how } });
    expect(await left).toEqual(how === 'fin' ? ['end', 'end'] : ['ECONNRESET', 'ECONNRESET']);
    expect(pair.relayed.all('closed')).toEqual([expect.objectContaining({ by: 'proxy', how })]);
  });

  it('a close handshake is reported once, with who began it', async () => {
    const echo = await startEcho();
    const relayed = await relayTo(echo.port);
    cleanUp.push(relayed.close, echo.close);
    const client = await connectClient(relayed.url);
    client.socket.close(4001, 'done');
    await echo.ended(1);
    expect(await client.closed).toBe(4001);
    expect(echo.closes).toEqual([4001]);
    await relayed.close();
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ by: 'client', how: 'close', code: 4001 })]);
  });

  it('a server that cannot be reached resets its client', async () => {
    // One that was just closed may be the relay's own.
    const relayed = await relayTo(1);
    cleanUp.push(relayed.close);
    const client = connect({ port: relayed.relay.address.port, host: '127.0.0.1' });
    expect(await farewell(client)).toBe('ECONNRESET');
    expect(await relayed.event('closed')).toMatchObject({ by: 'server', how: 'rst' });
  });
});

describe('load', () => {
  it('reads no faster than the other end does', async () => {
    const pair = await barePair();
    await upgraded(pair);
    const frame = encodeFrame({ kind: 'message', class: 'data', text: false, data: new Uint8Array(65_536) }, { mask });
    const total = 512 * frame.length;
    for (let i = 0; i < 512; i += 1) pair.client.write(frame);
    let delivered = 0;
    let read = 0;
    let most = 0;
    pair.relayed.recorder.listen((event) => {
      if (event.type !== 'delivered') return;
      delivered += frame.length;
      most = Math.max(most, delivered - read);
    });
    await new Promise<void>((resolve) => {
      pair.server.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read === total) return resolve();
        pair.server.pause();
        afterTurns(20, () => pair.server.resume());
      });
    });
    expect(delivered).toBe(total);
    // Without back-pressure all would wait in the relay; what may is what the kernel's buffers take.
    expect(most).toBeLessThan(total / 2);
  });

  it('carries 200 connections side by side', async () => {
    const echo = await startEcho();
    const relayed = await relayTo(echo.port);
    cleanUp.push(relayed.close, echo.close);
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const client = await connectClient(relayed.url);
        client.send(`a${i}`);
        client.send(`b${i}`);
        return client.messages(2);
      }),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => [`a${i}`, `b${i}`]));
    expect(relayed.all('opened').map(({ connection }) => connection)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(relayed.all('closed')).toEqual([]);
  });
});

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(() => afterTurns(turns - 1, then));
}
