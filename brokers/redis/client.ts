import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { resp } from '../../protocols/carriers/resp/carrier.ts';
import { decodeValue } from '../../protocols/carriers/resp/decode.ts';
import { encodeCommand } from '../../protocols/carriers/resp/encode.ts';
import type { RespValue, Text } from '../../protocols/carriers/resp/value.ts';

/** Why nothing more comes. */
export class RedisGone extends Error {}

/** A connection to a Redis. Replies and pushes are taken in the order in which they came. */
export interface RedisClient {
  /** Writes a command and waits for nothing. */
  send(args: readonly Text[]): void;
  /** Writes bytes as they are. */
  raw(bytes: Uint8Array): void;
  /** The next value that comes. Rejects with a RedisGone once none will. */
  next(): Promise<RespValue>;
  /** Whether a value has come that nobody has taken. */
  readonly hasMore: boolean;
  /** Writes a command and takes the next value. */
  call(...args: readonly Text[]): Promise<RespValue>;
  /** Ends the connection; resolves when it is gone. */
  close(): Promise<void>;
}

/** Connects; rejects with a RedisGone saying why where that fails, or takes longer than `ms`. */
export async function connectRedis(host: string, port: number, ms = 10_000): Promise<RedisClient> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ms) });
  } catch (error) {
    socket.destroy();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new RedisGone(code === 'ABORT_ERR' ? `no connection within ${ms} ms` : message);
  }
  return clientOn(socket);
}

function clientOn(socket: Socket): RedisClient {
  const conversation = resp.converse({ authority: '', seen: '' });
  const values: RespValue[] = [];
  const waiting: { resolve(value: RespValue): void; reject(error: Error): void }[] = [];
  let gone: RedisGone | undefined;

  const end = (why: string): void => {
    gone ??= new RedisGone(why);
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  const take = (value: RespValue): void => {
    const first = waiting.shift();
    if (first === undefined) values.push(value);
    else first.resolve(value);
  };
  socket.on('data', (chunk: Buffer) => {
    // Copied, since chunks live on in values.
    for (const item of conversation.push('acceptor', Uint8Array.from(chunk))) {
      if (item.kind === 'problem') end(`it ${item.problem.text}`);
      if (item.kind === 'unread') end(item.error);
      if (item.kind !== 'frame' || item.frame.class !== 'data') continue;
      const decoded = decodeValue(item.frame.data);
      if (decoded.ok) take(decoded.value);
      else end(decoded.error);
    }
  });
  socket.on('error', ({ message }) => end(message));
  socket.on('close', () => end('it hung up'));

  const client: RedisClient = {
    send: (args) => void socket.write(encodeCommand(args)),
    raw: (bytes) => void socket.write(bytes),
    next() {
      const value = values.shift();
      if (value !== undefined) return Promise.resolve(value);
      if (gone !== undefined) return Promise.reject(gone);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    get hasMore() {
      return values.length > 0;
    },
    call(...args) {
      client.send(args);
      return client.next();
    },
    async close() {
      if (socket.closed) return;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
  return client;
}
