import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HandshakeWatch } from '../../../protocols/carriers/websocket/handshake-watch.ts';
import type { Carrier, CarrierProblem, Endpoint, StartEndpoint, WireItem } from '../../../protocols/common/carrier.ts';
import type { Accept, Dial, LinkEvents } from '../../../protocols/common/environment.ts';
import { otherSide, type Side } from '../../../protocols/common/frame.ts';
import { hostOf } from '../../../protocols/common/host-of.ts';
import { atUsual, type Listen } from './listening.ts';
import { keepSockets, listenForSockets, ownerToCome, tellErrors, writerOf } from './sockets.ts';
import { inTurns } from './turns.ts';

/** Links of a carrier whose ends write and read the heads of the upgrade themselves; see `Links`. */
export function endpointLinks(carrier: Carrier, start: StartEndpoint) {
  return {
    dialer: (url: string, onProblem?: (problem: CarrierProblem) => void, onError?: (error: Error) => void) =>
      dialEndpoint({ carrier, start }, url, onProblem, onError),
    listen: (accept: Accept, listen?: Listen) => listenForEndpoints({ carrier, start }, accept, listen),
  };
}

interface Made {
  readonly carrier: Carrier;
  readonly start: StartEndpoint;
}

function dialEndpoint(
  made: Made,
  url: string,
  problem: (problem: CarrierProblem) => void = () => {},
  error: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const sockets = keepSockets();
  return {
    dial(events, to = url) {
      if (sockets.closed()) return { send() {}, close() {}, abort() {} };
      const address = new URL(to);
      const secure = address.protocol === 'wss:';
      const host = hostOf(address);
      const port = address.port === '' ? (secure ? 443 : (made.carrier.port ?? 0)) : Number(address.port);
      const socket = secure ? connectTls({ host, port, servername: host }) : connect({ host, port, noDelay: true });
      sockets.add(socket);
      tellErrors(socket, address, { problem, error });
      const endpoint = endpointOf(made, 'dialler', socket, () => events, sockets.closed, watchHandshake(problem));
      socket.on(secure ? 'secureConnect' : 'connect', () => {
        if (!sockets.closed()) endpoint.open();
      });
      return endpoint.link;
    },
    close: sockets.close,
  };
}

function listenForEndpoints(
  made: Made,
  accept: Accept,
  listen: Listen = atUsual(),
): Promise<{ readonly url: string; close(): Promise<void> }> {
  return listenForSockets(made.carrier, listen, { noDelay: true }, (socket, closed) => {
    const { owner, answered } = ownerToCome();
    const endpoint = endpointOf(made, 'acceptor', socket, owner, closed);
    answered(accept(endpoint.link));
    endpoint.open();
  });
}

/** What a dialler makes of the bytes of an upgrade, to say why it failed. */
interface Watching {
  wrote(bytes: Uint8Array): void;
  read(bytes: Uint8Array): void;
  broken(why: string): void;
  ended(): void;
}

/** Tells the first thing that is wrong with an upgrade, or with the frames behind it. */
function watchHandshake(onProblem: (problem: CarrierProblem) => void): Watching {
  const watch = new HandshakeWatch();
  let told = false;
  const tell = (problem: CarrierProblem | undefined): void => {
    if (problem === undefined || told) return;
    told = true;
    onProblem(problem);
  };
  return {
    wrote: (head) => tell(watch.head('dialler', head)),
    read: (head) => tell(watch.head('acceptor', head)),
    broken: (why) => tell({ kind: 'broken-frame', detail: why, text: `sent what is no WebSocket frame: ${why}` }),
    ended: () => tell(watch.ended('acceptor')),
  };
}

const UNWATCHED: Watching = { wrote() {}, read() {}, broken() {}, ended() {} };

function endpointOf(
  { carrier, start }: Made,
  side: Side,
  socket: Socket,
  owner: () => LinkEvents,
  deaf: () => boolean,
  watching: Watching = UNWATCHED,
): Endpoint {
  const conversation = carrier.converse({ authority: '', seen: '', seesOpenings: true });
  const other = otherSide(side);
  const write = writerOf(socket);
  const endpoint = start(
    side,
    {
      frame: (frame) => {
        if (frame.class === 'opening') watching.wrote(frame.data);
        write(carrier.encode(frame, side, 1, unforeseeable));
      },
      bytes: write,
      ended: (how) => {
        if (how === 'fin') socket.end();
        else if (socket.connecting) socket.destroy();
        else socket.resetAndDestroy();
      },
      later: (happen) => setImmediate(() => !deaf() && happen()),
    },
    owner,
  );
  const inTurn = inTurns(socket);
  const hear = (item: WireItem): void => {
    if (deaf() || socket.destroyed) return;
    if (item.kind === 'frame') {
      if (item.frame.class === 'opening') watching.read(item.frame.data);
      endpoint.arrive(item.frame);
    } else if (item.kind === 'problem' || item.kind === 'unread') {
      const why = item.kind === 'unread' ? item.error : item.problem.detail;
      watching.broken(why);
      endpoint.broken(why);
    }
  };
  const hearAll = (items: readonly WireItem[]): void => {
    for (const item of items) inTurn(() => hear(item));
  };
  socket.on('data', (chunk: Buffer) => hearAll(conversation.push(other, chunk)));
  socket.on('end', () => {
    hearAll(conversation.end(other, 'fin'));
    inTurn(() => socket.end());
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', (hadError) => {
    watching.ended();
    inTurn(() => {
      if (!deaf()) endpoint.end(hadError ? 'rst' : 'fin');
    });
  });
  return endpoint;
}

/** A number for a byte of a mask key, from 0 up to 1. */
function unforeseeable(): number {
  return (randomBytes(1)[0] ?? 0) / 256;
}
