import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Accept, Dial, Link, LinkEvents } from '../../../protocols/common/environment.ts';
import { LONGEST_MESSAGE } from '../../../protocols/websocket/deframer.ts';

/** Text is not checked for UTF-8 here: what a peer makes of a broken message is the protocol's affair. */
const socketOptions = { perMessageDeflate: false, maxPayload: LONGEST_MESSAGE, skipUTF8Validation: true } as const;

/** Connections from this process to one address. */
export interface WebSocketDialer {
  readonly dial: Dial;
  /** Ends all that were dialled, without telling their owners; from now on dialling opens nothing. Resolves when they are gone. */
  close(): Promise<void>;
}

/** Makes links to `url`. A connection that cannot be opened is `closed` with 1006. */
export function webSocketDialer(url: string): WebSocketDialer {
  const live = new Set<WebSocket>();
  let closed = false;
  return {
    dial(events) {
      if (closed) return { send() {}, close() {}, abort() {} };
      const socket = new WebSocket(url, socketOptions);
      live.add(socket);
      socket.on('close', () => live.delete(socket));
      socket.on('open', () => {
        if (!closed) events.opened();
      });
      tell(events, socket, () => closed);
      return linkOf(socket);
    },
    async close() {
      closed = true;
      await Promise.all(
        [...live].map((socket) => {
          const gone = new Promise((resolve) => socket.on('close', resolve));
          socket.terminate();
          return gone;
        }),
      );
    },
  };
}

/** A listener that hands its connections to a peer. */
export interface WebSocketListener {
  readonly url: string;
  /** Ends the listener and its connections, without telling the peer. Resolves when they are gone. */
  close(): Promise<void>;
}

/** Listens on the loopback, on a free port where none is given. Rejects when it cannot. */
export async function listenForWebSockets(accept: Accept, wanted = 0): Promise<WebSocketListener> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: wanted, ...socketOptions });
  let closed = false;
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const events = accept(linkOf(socket));
    tell(events, socket, () => closed);
    events.opened();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    close() {
      closed = true;
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function linkOf(socket: WebSocket): Link {
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame.data, { binary: !frame.text });
    },
    close: (code, reason) => socket.close(code, reason),
    abort: () => socket.terminate(),
  };
}

/** Tells a link's owner of messages and of the end, and of nothing once that came or `deaf` says so. */
function tell(events: LinkEvents, socket: WebSocket, deaf: () => boolean): void {
  let closed = false;
  socket.on('message', (data: Buffer, binary) => {
    if (closed || deaf()) return;
    events.message({ kind: 'message', text: !binary, data: new Uint8Array(data.buffer, data.byteOffset, data.length) });
  });
  // An error is followed by `close`, which says what the owner needs.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => {
    if (closed || deaf()) return;
    closed = true;
    events.closed({ code, reason: reason.toString('utf8') });
  });
}
