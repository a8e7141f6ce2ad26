import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { webSocket } from '../../../../protocols/carriers/websocket/carrier.ts';
import type { Carrier } from '../../../../protocols/common/carrier.ts';
import type { Role } from '../../../../protocols/common/frame.ts';
import { where } from '../../../../protocols/common/sequence.ts';
import type { Decoded, TraceEvent } from '../../../../protocols/common/trace.ts';
import type { FaultTools } from '../../../faults/exchange.ts';
import { createRecorder, type WireRecorder } from '../../recorder.ts';
import { startClock } from '../clock.ts';
import { type Relay, startRelay } from '../relay.ts';

/** Messages of these tests are text: what a frame says is its text. */
export const textBinding = {
  decode: ({ data }: { data: Uint8Array }): Decoded<unknown> => ({ ok: true, message: Buffer.from(data).toString() }),
};

/** Patterns of these tests: the sender and the text, or the kind of another frame. */
const tools: Omit<FaultTools, 'carrier' | 'seesOpenings'> = {
  matches: (pattern, { from, frame, decoded }) => {
    const { from: role, text } = pattern as { from: Role; text: string };
    return from === role && (decoded === undefined ? frame.kind === text : decoded.ok && decoded.message === text);
  },
  replace: (_frame, set) => text(String(set['text'])),
  encode: (message) => text(String(message)),
};

function text(content: string) {
  return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(content) } as const;
}

/** A relay before something that listens, and its trace. */
export interface RelayedServer {
  readonly relay: Relay;
  readonly recorder: WireRecorder;
  readonly url: string;
  /** Resolves with the first event, past or to come, that the test likes. */
  event<T extends TraceEvent['type']>(
    type: T,
    like?: (event: Extract<TraceEvent, { type: T }>) => boolean,
  ): Promise<Extract<TraceEvent, { type: T }>>;
  /** The trace's events of one type. */
  all<T extends TraceEvent['type']>(type: T): Extract<TraceEvent, { type: T }>[];
  close(): Promise<void>;
}

/** Puts a relay before a port of the loopback. `farewellMs`: see `RelayOptions`. */
export async function relayTo(port: number, carrier: Carrier = webSocket, farewellMs?: number): Promise<RelayedServer> {
  const clock = startClock(1);
  const recorder = createRecorder(textBinding, 'text', clock.now);
  const relay = await startRelay({
    upstream: { host: '127.0.0.1', port },
    recorder,
    environment: clock,
    tools: { ...tools, carrier, seesOpenings: false },
    timeScale: 0.001,
    farewellMs,
  });
  return {
    relay,
    recorder,
    url: `${carrier.scheme}://127.0.0.1:${relay.address.port}`,
    event: (type, like = () => true) =>
      new Promise((resolve) => {
        const wanted = (event: TraceEvent): event is Extract<TraceEvent, { type: typeof type }> =>
          event.type === type && like(event as Extract<TraceEvent, { type: typeof type }>);
        const [past] = where(recorder.trace, wanted);
        if (past !== undefined) return resolve(past);
        const stop = recorder.listen((event) => {
          if (!wanted(event)) return;
          stop();
          resolve(event);
        });
      }),
    all: (type) => [...where(recorder.trace, (event): event is Extract<TraceEvent, { type: typeof type }> => event.type === type)],
    async close() {
      clock.stop();
      await relay.close();
    },
  };
}

/** A WebSocket server that sends back every message, and what it received. */
export interface EchoServer {
  readonly port: number;
  readonly received: string[];
  /** Close codes of its connections, in order of their end. */
  readonly closes: number[];
  /** Bytes after the upgrade request, as they came over all connections. */
  readonly raw: Buffer[];
  /** Resolves once so many connections have ended. */
  ended(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startEcho(): Promise<EchoServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, skipUTF8Validation: true });
  const received: string[] = [];
  const closes: number[] = [];
  const raw: Buffer[] = [];
  const ending = new EventEmitter();
  server.on('connection', (socket, request) => {
    request.socket.on('data', (chunk: Buffer) => raw.push(Buffer.from(chunk)));
    socket.on('message', (data, binary) => {
      received.push(textOf(data));
      socket.send(data, { binary });
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      closes.push(code);
      ending.emit('ended');
    });
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    closes,
    raw,
    async ended(count) {
      while (closes.length < count) await once(ending, 'ended');
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : Buffer.concat([data].flat().map((part) => Buffer.from(part as ArrayBuffer))).toString();
}

/** A WebSocket client that keeps what it received. */
export interface EchoClient {
  readonly socket: WebSocket;
  readonly received: string[];
  send(content: string): void;
  /** Resolves once so many messages came. */
  messages(count: number): Promise<readonly string[]>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

export function openClient(url: string): EchoClient {
  const socket = new WebSocket(url, { skipUTF8Validation: true });
  const received: string[] = [];
  socket.on('message', (data) => received.push(textOf(data)));
  socket.on('error', () => {});
  return {
    socket,
    received,
    send: (content) => socket.send(content),
    async messages(count) {
      while (received.length < count) await once(socket, 'message');
      return received;
    },
    closed: new Promise((resolve) => socket.on('close', (code) => resolve(code))),
  };
}

export async function connectClient(url: string): Promise<EchoClient> {
  const client = openClient(url);
  await once(client.socket, 'open');
  return client;
}

/** A listener that hands over bare sockets. */
export async function listenBare(onConnection: (socket: Socket) => void): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}
