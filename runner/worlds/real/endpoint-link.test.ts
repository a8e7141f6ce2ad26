import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { encodeFrame } from '../../../protocols/carriers/websocket/framer.ts';
import { acceptFields, readUpgrade, requestFields, upgradeHead } from '../../../protocols/carriers/websocket/heads.ts';
import { upgradedWebSocket } from '../../../protocols/carriers/websocket/upgraded.ts';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import type { Link, LinkClosed, LinkEvents } from '../../../protocols/common/environment.ts';
import { messageOf } from '../../../protocols/common/frame.ts';
import { linksOf } from './links.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ODD = 'swill/1';
const links = linksOf(upgradedWebSocket);

let cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanUp) await clean();
  cleanUp = [];
});

/** A server that accepts any upgrade with the first subprotocol offered, and sends back what it hears. */
async function echoing(
  answer: (request: Uint8Array) => Uint8Array = accepting,
): Promise<{ url: string; port: number; closed: Promise<LinkClosed> }> {
  let tell = (_closed: LinkClosed): void => {};
  const closed = new Promise<LinkClosed>((resolve) => {
    tell = resolve;
  });
  const listener = await links.listen((link) => ({
    opened() {},
    head: (head) => link.head?.(answer(head)),
    message: (frame) => link.send(frame),
    closed: tell,
  }));
  cleanUp.push(listener.close);
  return { url: listener.url, port: Number(new URL(listener.url).port), closed };
}

function accepting(head: Uint8Array): Uint8Array {
  const request = readUpgrade(head);
  const key = request?.kind === 'request' ? (request.key ?? '') : '';
  return upgradeHead('HTTP/1.1 101 Switching Protocols', acceptFields(key, request?.subprotocols[0]));
}

/** A dialled end: what it hears, one thing after the other. */
function dialled(url: string, head: Uint8Array | undefined): { link: Link; next(): Promise<string>; problems: string[] } {
  const heard: string[] = [];
  const waiting: ((said: string) => void)[] = [];
  const problems: string[] = [];
  const say = (said: string): void => {
    const next = waiting.shift();
    if (next === undefined) heard.push(said);
    else next(said);
  };
  const dialer = links.dialer(url, ({ kind }) => problems.push(kind));
  cleanUp.push(dialer.close);
  const events: LinkEvents = {
    opened() {
      if (head !== undefined) link.head?.(head);
      say('opened');
    },
    head: (bytes) => say(`head ${Buffer.from(bytes).toString('latin1').split(' ')[1]}`),
    message: ({ text, data }) => say(`${text ? 'text' : 'binary'} ${Buffer.from(data).toString('hex')}`),
    upkeep: ({ kind, data }) => say(`${kind} ${Buffer.from(data)}`),
    closed: ({ code, reason }) => say(`closed ${code} ${reason}`.trim()),
  };
  const link = dialer.dial(events);
  return {
    link,
    problems,
    next: () =>
      new Promise((resolve) => {
        const first = heard.shift();
        if (first === undefined) waiting.push(resolve);
        else resolve(first);
      }),
  };
}

const asking = (host: string, subprotocols: readonly string[]): Uint8Array =>
  upgradeHead('GET /ws HTTP/1.1', requestFields(host, KEY, subprotocols));

async function open(url: string) {
  const end = dialled(url, asking('127.0.0.1', [ODD]));
  expect([await end.next(), await end.next()]).toEqual(['opened', 'head 101']);
  return end;
}

it('a subprotocol that is no token is offered and accepted, and messages of any length, in any fragments, come back whole', async () => {
  const { url } = await echoing();
  const { link, next } = await open(url);
  const length = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, 200_000));
  await fc.assert(
    fc.asyncProperty(length, fc.boolean(), fc.integer({ min: 1, max: 9 }), fc.nat(255), async (size, text, fragments, byte) => {
      const frame = messageOf(new Uint8Array(size).fill(byte % 128), text);
      if (fragments === 1) link.send(frame);
      else link.raw?.(encodeFrame(frame, { mask: Uint8Array.of(1, 2, 3, byte), fragments }));
      expect(await next()).toBe(`${text ? 'text' : 'binary'} ${Buffer.from(frame.data).toString('hex')}`);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('bytes that come one by one are the same messages', async () => {
  const { url } = await echoing();
  const { link, next } = await open(url);
  const bytes = concatenate([1, 2, 3].map((n) => encodeFrame(messageOf(Uint8Array.of(n)), { mask: Uint8Array.of(9, 8, 7, 6) })));
  for (const byte of bytes) link.raw?.(Uint8Array.of(byte));
  expect([await next(), await next(), await next()]).toEqual(['binary 01', 'binary 02', 'binary 03']);
});

it('a ping is answered, a close frame too, and both ends know the code', async () => {
  const { url, closed } = await echoing();
  const { link, next } = await open(url);
  link.upkeep?.({ kind: 'ping', class: 'upkeep', data: new TextEncoder().encode('are you there') });
  expect(await next()).toBe('pong are you there');
  link.close(4001, 'enough');
  expect(await next()).toBe('closed 4001');
  expect(await closed).toEqual({ code: 4001, reason: 'enough' });
});

it.each([
  ['a frame that is not masked', '8201aa', 'client frame is not masked'],
  ['a compressed frame', 'c281000000aa', 'reserved bits set in the frame header (0xc2); no extension was negotiated'],
  ['a reserved opcode', '838000000000', 'reserved opcode 3'],
  ['a ping in fragments', '098000000000', 'control frame with opcode 9 is fragmented'],
  ['a continuation of nothing', '808000000000', 'continuation'],
])('%s is refused in words', async (_what, hex, why) => {
  const { url, closed } = await echoing();
  const { link, next } = await open(url);
  link.raw?.(new Uint8Array(Buffer.from(hex, 'hex')));
  const said = await next();
  expect(said).toMatch(/^closed 1002 /);
  expect(said).toContain(why);
  expect((await closed).reason).toContain(why);
});

it('what a dialler is answered with instead is told, once', async () => {
  const refusing = await echoing(() => upgradeHead('HTTP/1.1 406 Not Acceptable', [{ name: 'Content-Length', value: '0' }]));
  const end = dialled(refusing.url, asking('127.0.0.1', ['nope']));
  expect([await end.next(), await end.next()]).toEqual(['opened', 'head 406']);
  end.link.abort();
  expect(await end.next()).toBe('closed 1006');
  expect(end.problems).toEqual(['upgrade-refused']);
  const compressing = await echoing((head) =>
    upgradeHead('HTTP/1.1 101 Switching Protocols', [
      ...acceptFields((readUpgrade(head) as { key: string }).key, ODD),
      { name: 'Sec-WebSocket-Extensions', value: 'permessage-deflate' },
    ]),
  );
  const other = dialled(compressing.url, asking('127.0.0.1', [ODD]));
  expect([await other.next(), await other.next()]).toEqual(['opened', 'head 101']);
  expect(other.problems).toEqual(['unasked-extension']);
});

it('an address where nobody listens is told', async () => {
  // A port below 1024 that no test takes.
  const end = dialled('ws://127.0.0.1:1', undefined);
  expect(await end.next()).toBe('closed 1006');
  expect(end.problems[0]).toBe('unreachable');
});

it('a client of the library ws talks to our listener, and our dialler to a server of it', async () => {
  const { url } = await echoing();
  const socket = new WebSocket(url, 'plain', { perMessageDeflate: true });
  const sent = Buffer.alloc(70_000, 7);
  const back = new Promise<Buffer>((resolve) => socket.on('message', (data: Buffer) => resolve(data)));
  await new Promise((resolve) => socket.on('open', resolve));
  expect([socket.protocol, socket.extensions]).toEqual(['plain', '']);
  socket.send(sent);
  expect(Buffer.compare(await back, sent)).toBe(0);
  const gone = new Promise((resolve) => socket.on('close', resolve));
  socket.close(1000);
  await gone;

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanUp.push(() => new Promise((resolve) => server.close(() => resolve())));
  server.on('connection', (peer) => peer.on('message', (data: Buffer, binary) => peer.send(data, { binary })));
  await new Promise((resolve) => server.once('listening', resolve));
  const end = dialled(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, asking('127.0.0.1', ['plain']));
  expect([await end.next(), await end.next()]).toEqual(['opened', 'head 101']);
  end.link.send(messageOf(Uint8Array.of(1, 2, 3)));
  expect(await end.next()).toBe('binary 010203');
  end.link.close(1000, '');
  expect(await end.next()).toBe('closed 1000');
});

it('who connects and says nothing keeps the listener from nothing', async () => {
  const { port } = await echoing();
  const silent = connect(port, '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  silent.on('error', () => {});
  const gone = new Promise((resolve) => silent.once('close', resolve));
  for (const clean of cleanUp.splice(0)) await clean();
  await gone;
});
