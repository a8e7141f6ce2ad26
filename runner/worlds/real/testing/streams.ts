import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tcp } from '../../../../protocols/carriers/tcp/carrier.ts';
import { LengthDeframer, withLength } from '../../../../protocols/carriers/tcp/deframer.ts';
import { concatenate } from '../../../../protocols/common/byte-queue.ts';
import { listenBare, type RelayedServer, relayTo } from './relayed-echo.ts';

/** An end of a TCP connection with length-prefixed texts on it, and what it got. */
export interface StreamEnd {
  readonly socket: Socket;
  readonly received: string[];
  /** Every chunk, as it came. */
  readonly chunks: Buffer[];
  send(...texts: string[]): void;
  /** Resolves once so many texts came. */
  texts(count: number): Promise<readonly string[]>;
  /** Resolves when the other end has said all. */
  readonly fin: Promise<void>;
  /** Resolves when nothing can come or go any more: whether it was reset. */
  readonly gone: Promise<'fin' | 'rst'>;
}

/** Bytes of texts behind their lengths. */
export function framed(...texts: string[]): Uint8Array {
  return concatenate(texts.map((text) => withLength(new TextEncoder().encode(text))));
}

function endOf(socket: Socket): StreamEnd {
  const deframer = new LengthDeframer();
  const received: string[] = [];
  const chunks: Buffer[] = [];
  const news = new EventEmitter();
  let failed = false;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    for (const { frame } of deframer.push(chunk)) received.push(Buffer.from(frame.data).toString());
    news.emit('text');
  });
  socket.on('error', () => {
    failed = true;
  });
  return {
    socket,
    received,
    chunks,
    send: (...texts) => socket.write(framed(...texts)),
    async texts(count) {
      while (received.length < count) await once(news, 'text');
      return received;
    },
    fin: new Promise((resolve) => socket.on('end', () => resolve())),
    gone: new Promise((resolve) => socket.on('close', () => resolve(failed ? 'rst' : 'fin'))),
  };
}

/** A listener of streams behind a relay. */
export interface RelayedStreams extends RelayedServer {
  /** Dials through the relay; gives both ends, the acceptor's once it was reached. */
  connected(): Promise<{ readonly client: StreamEnd; readonly server: StreamEnd }>;
  /** Dials through the relay; the acceptor may never be reached. */
  dial(): Promise<StreamEnd>;
}

/** Starts both. What is half closed stays so until the test ends it. */
export async function relayStreams(): Promise<RelayedStreams> {
  const accepted = new EventEmitter();
  const sockets = new Set<Socket>();
  const { port, server } = await listenBare((socket) => {
    sockets.add(socket);
    accepted.emit('end', endOf(socket));
  });
  const relayed = await relayTo(port, tcp);
  const dial = async (): Promise<StreamEnd> => {
    const socket = connect({ host: '127.0.0.1', port: relayed.relay.address.port, allowHalfOpen: true, noDelay: true });
    sockets.add(socket);
    const end = endOf(socket);
    await once(socket, 'connect');
    return end;
  };
  return {
    ...relayed,
    dial,
    async connected() {
      const reached = once(accepted, 'end');
      const client = await dial();
      const [end] = (await reached) as [StreamEnd];
      return { client, server: end };
    },
    async close() {
      await relayed.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
