import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { LONGEST_MESSAGE } from '../../../protocols/carriers/websocket/deframer.ts';
import { refusal } from '../../../protocols/carriers/websocket/handshake-watch.ts';
import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import { type Accept, type Dial, type Link, type LinkEvents, NO_CODE } from '../../../protocols/common/environment.ts';
import { dialProblem } from './dial-problem.ts';
import { atUsual, type Listen } from './listening.ts';
import { inTurns } from './turns.ts';
import { type Bound, boundUnread } from './unread.ts';

/** How much of the body of a refusal is waited for, in characters. */
const LONGEST_BODY = 300;

/** Text is not checked for UTF-8 here: what a peer makes of a broken message is the protocol's affair. */
const socketOptions = { perMessageDeflate: false, maxPayload: LONGEST_MESSAGE, skipUTF8Validation: true } as const;

/** What HTTP says to who asks for anything but WebSocket. */
const UPGRADE_REQUIRED = 426;

/** Makes links to `url` (`ws://127.0.0.1:8080`); see `Links`. */
export function webSocketDialer(
  url: string,
  onProblem?: (problem: CarrierProblem) => void,
  onError: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const live = new Set<WebSocket>();
  let closed = false;
  return {
    dial(events, to = url) {
      if (closed) return { send() {}, close() {}, abort() {} };
      const socket = new WebSocket(to, socketOptions);
      live.add(socket);
      socket.on('close', () => live.delete(socket));
      socket.on('error', onError);
      socket.on('open', () => {
        if (!closed) events.opened();
      });
      if (onProblem !== undefined) explain(socket, to, onProblem);
      const bound = boundOf(socket);
      tell(events, socket, () => closed, bound.isOver);
      return linkOf(socket, bound);
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

/** Listens for WebSockets; see `Links`. */
export async function listenForWebSockets(
  accept: Accept,
  listen: Listen = atUsual(),
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const http = createServer((_request, response) => response.writeHead(UPGRADE_REQUIRED).end('Upgrade Required'));
  const server = new WebSocketServer({ server: http, ...socketOptions });
  // What goes wrong with listening is told by the server below it.
  server.on('error', () => {});
  let closed = false;
  const { host, port } = await listen(http);
  server.on('connection', (socket) => {
    const bound = boundOf(socket);
    const events = accept(linkOf(socket, bound));
    tell(events, socket, () => closed, bound.isOver);
    events.opened();
  });
  return {
    url: `ws://${host}:${port}`,
    close() {
      closed = true;
      for (const socket of server.clients) socket.terminate();
      server.close();
      const gone = new Promise<void>((resolve) => http.close(() => resolve()));
      // Whoever connected and never asked for anything would be waited for.
      http.closeAllConnections();
      return gone;
    },
  };
}

/** Tells why a connection did not come up, or broke the rules of its carrier, in the words of the relay. */
function explain(socket: WebSocket, url: string, onProblem: (problem: CarrierProblem) => void): void {
  let told = false;
  const tellOnce = (problem: CarrierProblem): void => {
    if (!told) onProblem(problem);
    told = true;
  };
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    let body = '';
    const finish = (): void => {
      tellOnce(refusal(String(response.statusCode ?? ''), response.statusMessage ?? '', body));
      socket.terminate();
    };
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > LONGEST_BODY) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => tellOnce(problemOf(error, new URL(url))));
}

/** What an error of a connection that this process dialled says of the other end. */
function problemOf(error: NodeJS.ErrnoException, url: URL): CarrierProblem {
  const { code = '', message } = error;
  const { protocol } = url;
  const is = (kind: string, text: string): CarrierProblem => ({ kind, detail: '', text });
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_)/.test(code))
    return is('tls', `and this client do not agree on TLS: ${message.trim()} (${code})`);
  if (message.includes('Sec-WebSocket-Accept')) return is('wrong-accept', 'answered the upgrade with a wrong Sec-WebSocket-Accept');
  if (message.includes('subprotocol')) return is('unasked-subprotocol', 'chose a subprotocol that nobody asked for');
  if (code.startsWith('HPE_')) {
    return is(
      'no-http',
      `answered the upgrade with what is no HTTP/1.1 (${message})${protocol === 'ws:' ? '; perhaps it speaks TLS: try wss://' : ''}`,
    );
  }
  if (message === 'socket hang up' || code === 'ECONNRESET') {
    return is(
      'closed-unanswered',
      `closed the connection before it answered the upgrade${protocol === 'wss:' ? '; perhaps it speaks no TLS: try ws://' : ''}`,
    );
  }
  if (code.startsWith('WS_ERR_')) return is('broken-frame', `sent what is no WebSocket frame: ${message}`);
  return dialProblem(error, url);
}

function boundOf(socket: WebSocket): Bound {
  return boundUnread({ waiting: () => socket.bufferedAmount, abort: () => socket.terminate() });
}

function linkOf(socket: WebSocket, { mayWrite, done }: Bound): Link {
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN && mayWrite();
  return {
    send(frame) {
      if (isOpen()) socket.send(frame.data, { binary: !frame.text }, done);
    },
    upkeep(frame) {
      if (!isOpen()) return;
      if (frame.kind === 'ping') socket.ping(frame.data, undefined, done);
      else socket.pong(frame.data, undefined, done);
    },
    close: (code, reason) => socket.close(code === NO_CODE ? undefined : code, reason),
    abort: () => socket.terminate(),
  };
}

/** Tells a link's owner of messages and of the end, and of nothing once that came or `deaf` says so; of the end alone once this side gave it up. */
function tell(events: LinkEvents, socket: WebSocket, deaf: () => boolean, gaveUp: () => boolean): void {
  let closed = false;
  const inTurn = inTurns(socket);
  const hear = (happen: () => void): void =>
    inTurn(() => {
      if (!closed && !deaf() && !gaveUp()) happen();
    });
  socket.on('message', (data: Buffer, binary) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
    hear(() => events.message({ kind: 'message', class: 'data', text: !binary, data: bytes }));
  });
  for (const kind of ['ping', 'pong'] as const) {
    socket.on(kind, (data: Buffer) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
      hear(() => events.upkeep?.({ kind, class: 'upkeep', data: bytes }));
    });
  }
  // An error is followed by `close`, which says what the owner needs.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => {
    inTurn(() => {
      if (closed || deaf()) return;
      closed = true;
      events.closed({ code, reason: reason.toString('utf8') });
    });
  });
}
