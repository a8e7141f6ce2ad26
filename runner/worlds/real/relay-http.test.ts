import { EventEmitter, once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpCarrier } from '../../../protocols/carriers/http/carrier.ts';
import { latin1Bytes } from '../../../protocols/common/latin1.ts';
import { listenBare, type RelayedServer, relayTo } from './testing/relayed-echo.ts';

/** An end of a relayed connection, and what it got. */
class End {
  readonly socket: Socket;
  readonly gone: Promise<'fin' | 'rst'>;
  readonly #news = new EventEmitter();
  text = '';
  fin = false;

  constructor(socket: Socket) {
    this.socket = socket;
    let failed = false;
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      this.#news.emit('news');
    });
    socket.on('end', () => {
      this.fin = true;
      this.#news.emit('news');
    });
    socket.on('error', () => {
      failed = true;
    });
    this.gone = new Promise((resolve) => socket.on('close', () => resolve(failed ? 'rst' : 'fin')));
  }

  write(text: string): void {
    this.socket.write(latin1Bytes(text));
  }

  /** Resolves once all of what came is that text. */
  async got(text: string): Promise<void> {
    while (this.text.length < text.length) await once(this.#news, 'news');
    expect(this.text).toBe(text);
  }

  async ended(): Promise<void> {
    while (!this.fin) await once(this.#news, 'news');
  }
}

let relayed: RelayedServer;
let listener: Server;
const accepted = new EventEmitter();
const sockets: Socket[] = [];

beforeEach(async () => {
  const { port, server } = await listenBare((socket) => {
    sockets.push(socket);
    accepted.emit('end', new End(socket));
  });
  listener = server;
  relayed = await relayTo(port, httpCarrier());
});

afterEach(async () => {
  await relayed.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise<void>((resolve) => listener.close(() => resolve()));
});

async function dial(): Promise<End> {
  const socket = connect({ host: '127.0.0.1', port: relayed.relay.address.port, allowHalfOpen: true, noDelay: true });
  sockets.push(socket);
  const end = new End(socket);
  await once(socket, 'connect');
  return end;
}

async function connected(): Promise<{ readonly client: End; readonly server: End }> {
  const reached = once(accepted, 'end');
  const client = await dial();
  const [server] = (await reached) as [End];
  return { client, server };
}

/** What was sent, a line each: `client 0 head`, `server 0 data abc`. */
const sent = (): string[] =>
  relayed.all('sent').map(({ from, frame }) => {
    if (frame.class !== 'data') return `${from} ${frame.kind}`;
    const what = frame.kind === 'head' ? '' : ` ${Buffer.from(frame.data).toString('latin1')}`;
    return `${from} ${frame.part?.exchange} ${frame.kind}${what}`;
  });

const ASK = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const ANSWER = `${CHUNKED}2;x=y\r\nde\r\n1\r\nf\r\n0\r\nX-Sum: 1\r\n\r\n`;

describe('HTTP through a relay', () => {
  it('passes as it was written, exchange after exchange, and is read as heads, bodies and ends', async () => {
    const { client, server } = await connected();
    client.write(ASK);
    await server.got(ASK);
    server.write(ANSWER);
    await client.got(ANSWER);
    client.write(`${ASK}${ASK}`);
    await server.got(ASK.repeat(3));
    server.write(`HTTP/1.1 100 Continue\r\n\r\n${ANSWER}HTTP/1.1 204 No Content\r\n\r\n`);
    await client.got(`${ANSWER}HTTP/1.1 100 Continue\r\n\r\n${ANSWER}HTTP/1.1 204 No Content\r\n\r\n`);
    const asked = (n: number) => [`client ${n} head`, `client ${n} data abc`];
    const answered = (n: number) => [`server ${n} head`, `server ${n} data def`, `server ${n} end X-Sum: 1\r\n`];
    expect(sent()).toEqual([...asked(0), ...answered(0), ...asked(1), ...asked(2), 'server 1 head', ...answered(1), 'server 2 head']);
    expect(relayed.all('carrier')).toEqual([]);
  });

  it('passes what there is of a frame at once, where no fault could strike it', async () => {
    const { client, server } = await connected();
    for (let i = 1; i <= ASK.length; i += 1) {
      client.write(ASK.slice(i - 1, i));
      await server.got(ASK.slice(0, i));
    }
    server.write(CHUNKED);
    await client.got(CHUNKED);
    server.write('5\r\nhe');
    await client.got(`${CHUNKED}5\r\nhe`);
    // Armed in the middle of a frame, a fault finds what has passed gone.
    relayed.relay.fault({ corrupt: { frame: { from: 'server', text: 'hello' }, byte: 4 } });
    server.write('llo\r\n0\r\n\r\n');
    await client.got(`${CHUNKED}5\r\nhell${String.fromCharCode(0x6f ^ 0xff)}\r\n0\r\n\r\n`);
  });

  it('passes a FIN one way, and what was cut off by it, which the trace has, too', async () => {
    const { client, server } = await connected();
    client.write(ASK);
    client.socket.end();
    await server.ended();
    server.write(`${CHUNKED}5\r\nhe`);
    server.socket.end();
    await client.ended();
    expect(client.text).toBe(`${CHUNKED}5\r\nhe`);
    await relayed.event('closed');
    expect(sent().slice(2)).toEqual(['client fin', 'server 0 head', 'server 0 torn he', 'server fin']);
  });

  it('passes what is no HTTP, and says so once', async () => {
    const { client, server } = await connected();
    const smuggled = 'POST /a HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n';
    client.write(smuggled);
    await server.got(smuggled);
    expect(relayed.all('carrier')).toEqual([
      expect.objectContaining({ from: 'client', problem: expect.objectContaining({ kind: 'broken-http', detail: 'length-and-chunks' }) }),
    ]);
    expect(sent()).toEqual([expect.stringContaining('client 0 broken POST')]);
  });

  const cuts = [
    ['before', '', 'fin'],
    ['inside', 'POST /a HTTP/1.1\r\nHost: ', 'fin'],
    ['after', ASK.slice(0, -3), 'fin'],
    ['before', '', 'rst'],
  ] as const;
  it.each(cuts)('is cut %s a head: %j passes', async (at, passed, how) => {
    const { client, server } = await connected();
    relayed.relay.fault({ cut: { at, how, frame: { from: 'client', text: ASK.slice(0, -3) } } });
    client.write(ASK);
    if (how === 'fin') await Promise.all([client.ended(), server.ended()]);
    else expect([await client.gone, await server.gone]).toEqual(['rst', 'rst']);
    expect(server.text).toBe(passed);
  });

  it('is cut inside a chunk', async () => {
    const { client, server } = await connected();
    relayed.relay.fault({ cut: { at: 'inside', how: 'fin', frame: { from: 'server', text: 'hello!' } } });
    client.write(ASK);
    await server.got(ASK);
    server.write(`${CHUNKED}6\r\nhello!\r\n0\r\n\r\n`);
    await client.ended();
    expect(client.text).toBe(`${CHUNKED}6\r\nh`);
  });

  it('is split at a byte, corrupted with its framing whole, delayed and stalled', async () => {
    const { client, server } = await connected();
    relayed.relay.fault({ split: { at: 5, frame: { from: 'client', text: 'abc' } } });
    relayed.relay.fault({ corrupt: { frame: { from: 'server', text: 'def' }, byte: 2 } });
    relayed.relay.fault({ delay: { frame: { from: 'server', text: 'X-Sum: 1\r\n' }, for: 20 } });
    client.write(ASK);
    await server.got(ASK);
    server.write(ANSWER);
    await client.got(ANSWER.replace('f\r', `${String.fromCharCode(0x66 ^ 0xff)}\r`));
    relayed.relay.fault('stall');
    client.write(ASK);
    await relayed.event('sent', ({ frame }) => frame.class === 'data' && frame.part?.exchange === 1 && frame.part.last === true);
    expect(server.text).toBe(ASK);
    relayed.relay.fault('resume');
    await server.got(`${ASK}${ASK}`);
  });

  it('is turned away with a status', async () => {
    relayed.relay.fault({ refuse: { how: 'http' } });
    const client = await dial();
    client.write(ASK);
    await client.ended();
    expect(client.text).toBe('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });

  it.each(['drop', 'duplicate', 'hold', 'truncate', 'replace', 'inject'])('does not %s: that would make two messages of one', (word) => {
    const fault =
      word === 'inject'
        ? { inject: { toward: 'client', hex: '00' } }
        : { [word]: { frame: { from: 'client', text: 'a' }, to: 1, set: {} } };
    // As a case gives it; what it says besides is nothing to this.
    expect(() => relayed.relay.fault(fault as never)).toThrow(
      /is nothing that http can do; it can do cut, stall, corrupt, delay, split, refuse/,
    );
  });
});
