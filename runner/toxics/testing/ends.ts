import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Role } from '../../../protocols/common/frame.ts';
import type { Address, ToxicNetwork } from '../network.ts';

/** One end of a TCP connection and what it saw. */
export interface End {
  write(text: string): void;
  /** Ends its stream. */
  finish(): void;
  /** What it has read. */
  text(): string;
  /** How its reading ended: nothing yet, the other end's FIN, or an RST. */
  ending(): 'open' | 'fin' | 'rst';
  /** Resolves when it has read that many characters. */
  read(length: number): Promise<void>;
  /** Resolves when its reading has ended. */
  over(): Promise<void>;
}

/** A network with a server behind it that says nothing by itself. */
export interface Bench {
  readonly network: ToxicNetwork;
  /** Connects through the network. `server` resolves when the server has the connection. */
  connect(): { readonly client: End; readonly server: Promise<End> };
  /** Connects both ends: resolves when a byte has passed each way. */
  join(): Promise<Readonly<Record<Role, End>>>;
  close(): Promise<void>;
}

/** Starts a server and the network before it. */
export async function startBench(makeNetwork: (server: Address) => Promise<ToxicNetwork>): Promise<Bench> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return endOf(socket);
  };
  const arrivals: ((end: End) => void)[] = [];
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => arrivals.shift()?.(keep(socket)));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const network = await makeNetwork({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port });
  const dial = () => {
    const server = new Promise<End>((resolve) => arrivals.push(resolve));
    const client = keep(connect({ ...network.address, allowHalfOpen: true, noDelay: true }));
    return { client, server };
  };
  return {
    network,
    connect: dial,
    async join() {
      const { client, server } = dial();
      client.write('!');
      const accepted = await server;
      await accepted.read(1);
      accepted.write('?');
      await client.read(1);
      return { client, server: accepted };
    },
    async close() {
      await network.close();
      for (const socket of sockets) socket.destroy();
      await once(listener.close(), 'close');
    },
  };
}

function endOf(socket: Socket): End {
  const changed = new EventEmitter().setMaxListeners(0);
  let text = '';
  let ending: 'open' | 'fin' | 'rst' = 'open';
  const end = (how: 'fin' | 'rst') => {
    if (ending === 'open') ending = how;
    changed.emit('change');
  };
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    changed.emit('change');
  });
  socket.on('end', () => end('fin'));
  socket.on('error', () => end('rst'));
  socket.on('close', () => end('fin'));
  const until = async (holds: () => boolean) => {
    while (!holds()) await once(changed, 'change');
  };
  return {
    write: (written) => void socket.write(written, 'latin1'),
    finish: () => void socket.end(),
    text: () => text,
    ending: () => ending,
    read: (length) => until(() => text.length >= length),
    over: () => until(() => ending !== 'open'),
  };
}
