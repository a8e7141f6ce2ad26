import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Carrier, CarrierProblem, WireItem } from '../../../protocols/common/carrier.ts';
import { type Accept, type Dial, type Link, type LinkEvents, LOST, NO_CODE } from '../../../protocols/common/environment.ts';
import { otherSide, type Side } from '../../../protocols/common/frame.ts';
import { dialProblem } from './dial-problem.ts';
import { keepSockets } from './sockets.ts';

/** Links of a carrier on whose connections a FIN passes one way; see `Links`. */
export function streamLinks(carrier: Carrier) {
  return {
    dialer: (url: string, onProblem?: (problem: CarrierProblem) => void, onError?: (error: Error) => void) =>
      dialStream(carrier, url, onProblem, onError),
    listen: (accept: Accept, port?: number) => listenForStreams(carrier, accept, port),
  };
}

function dialStream(
  carrier: Carrier,
  url: string,
  onProblem: (problem: CarrierProblem) => void = () => {},
  onError: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const sockets = keepSockets();
  return {
    dial(events, to = url) {
      if (sockets.closed()) return { send() {}, close() {}, abort() {} };
      const address = new URL(to);
      const host = address.hostname.replace(/^\[(.*)\]$/, '$1');
      const port = address.port === '' ? (carrier.port ?? 0) : Number(address.port);
      const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
      sockets.add(socket);
      socket.on('error', (error: NodeJS.ErrnoException) => {
        onError(error);
        if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') onProblem(dialProblem(error, address));
      });
      socket.on('connect', () => {
        if (!sockets.closed()) events.opened();
      });
      return linkOf(carrier, 'dialler', socket, () => events, sockets.closed);
    },
    close: sockets.close,
  };
}

async function listenForStreams(carrier: Carrier, accept: Accept, wanted = 0): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = keepSockets();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    let events: LinkEvents | undefined;
    const link = linkOf(
      carrier,
      'acceptor',
      socket,
      () => {
        if (events === undefined) throw new Error('a link was used before its acceptor answered');
        return events;
      },
      sockets.closed,
    );
    events = accept(link);
    events.opened();
  });
  await once(server.listen(wanted, '127.0.0.1'), 'listening');
  return {
    url: `${carrier.scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      await gone;
    },
  };
}

/** These carriers make nothing unforeseeable. */
const unmasked = (): number => 0;

function linkOf(carrier: Carrier, side: Side, socket: Socket, owner: () => LinkEvents, deaf: () => boolean): Link {
  const conversation = carrier.converse({ authority: '', seen: '' });
  const other = otherSide(side);
  let ended = false;
  const hearAll = (items: readonly WireItem[]): void => {
    for (const item of items) if (item.kind === 'frame' && item.frame.class === 'data' && !deaf()) owner().message(item.frame);
  };
  socket.on('data', (chunk: Buffer) => hearAll(conversation.push(other, chunk)));
  socket.on('end', () => {
    ended = true;
    hearAll(conversation.end(other, 'fin'));
    if (deaf()) return;
    const { ended: hear } = owner();
    if (hear === undefined) socket.end();
    else hear();
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', (hadError) => {
    if (!deaf()) owner().closed({ code: ended && !hadError ? NO_CODE : LOST, reason: '' });
  });
  const write = (bytes: Uint8Array): void => {
    if (socket.connecting || !socket.writable) return;
    // What is written is read, too, where answers hang on what was asked.
    if (carrier.paired === true) conversation.push(side, bytes);
    socket.write(bytes);
  };
  return {
    send: (frame) => write(carrier.encode(frame, side, 1, unmasked)),
    raw: write,
    close: () => socket.end(),
    abort: () => (socket.connecting ? socket.destroy() : socket.resetAndDestroy()),
  };
}
