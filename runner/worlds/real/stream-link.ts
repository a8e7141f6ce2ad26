import { connect, type Socket } from 'node:net';
import type { Carrier, CarrierProblem, WireItem } from '../../../protocols/common/carrier.ts';
import { type Accept, type Dial, type Link, type LinkEvents, LOST, NO_CODE } from '../../../protocols/common/environment.ts';
import { otherSide, type Side } from '../../../protocols/common/frame.ts';
import { hostOf } from '../../../protocols/common/host-of.ts';
import { atUsual, type Listen } from './listening.ts';
import { keepSockets, listenForSockets, ownerToCome, tellErrors, writerOf } from './sockets.ts';
import { inTurns } from './turns.ts';

/** Links of a carrier on whose connections a FIN passes one way; see `Links`. */
export function streamLinks(carrier: Carrier) {
  return {
    dialer: (url: string, onProblem?: (problem: CarrierProblem) => void, onError?: (error: Error) => void) =>
      dialStream(carrier, url, onProblem, onError),
    listen: (accept: Accept, listen?: Listen) => listenForStreams(carrier, accept, listen),
  };
}

function dialStream(
  carrier: Carrier,
  url: string,
  problem: (problem: CarrierProblem) => void = () => {},
  error: (error: Error) => void = () => {},
): { readonly dial: Dial; close(): Promise<void> } {
  const sockets = keepSockets();
  return {
    dial(events, to = url) {
      if (sockets.closed()) return { send() {}, close() {}, abort() {} };
      const address = new URL(to);
      const port = address.port === '' ? (carrier.port ?? 0) : Number(address.port);
      const socket = connect({ host: hostOf(address), port, noDelay: true, allowHalfOpen: true });
      sockets.add(socket);
      tellErrors(socket, address, { problem, error });
      socket.on('connect', () => {
        if (!sockets.closed()) events.opened();
      });
      return linkOf(carrier, 'dialler', socket, () => events, sockets.closed);
    },
    close: sockets.close,
  };
}

function listenForStreams(
  carrier: Carrier,
  accept: Accept,
  listen: Listen = atUsual(),
): Promise<{ readonly url: string; close(): Promise<void> }> {
  return listenForSockets(carrier, listen, { allowHalfOpen: true, noDelay: true }, (socket, closed) => {
    const { owner, answered } = ownerToCome();
    const events = accept(linkOf(carrier, 'acceptor', socket, owner, closed));
    answered(events);
    events.opened();
  });
}

/** These carriers make nothing unforeseeable. */
const unmasked = (): number => 0;

function linkOf(carrier: Carrier, side: Side, socket: Socket, owner: () => LinkEvents, deaf: () => boolean): Link {
  const conversation = carrier.converse({ authority: '', seen: '' });
  const other = otherSide(side);
  let ended = false;
  const inTurn = inTurns(socket);
  const hearAll = (items: readonly WireItem[]): void => {
    for (const item of items) {
      if (item.kind !== 'frame' || item.frame.class !== 'data') continue;
      const { frame } = item;
      inTurn(() => {
        if (!deaf() && !socket.destroyed) owner().message(frame);
      });
    }
  };
  socket.on('data', (chunk: Buffer) => hearAll(conversation.push(other, chunk)));
  socket.on('end', () => {
    ended = true;
    hearAll(conversation.end(other, 'fin'));
    inTurn(() => {
      if (deaf()) return;
      const { ended: hear } = owner();
      if (hear === undefined) socket.end();
      else hear();
    });
  });
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', (hadError) => {
    inTurn(() => {
      if (!deaf()) owner().closed({ code: ended && !hadError ? NO_CODE : LOST, reason: '' });
    });
  });
  const put = writerOf(socket);
  const write = (bytes: Uint8Array): void => {
    // What is written is read, too, where answers hang on what was asked.
    if (put(bytes) && carrier.paired === true) conversation.push(side, bytes);
  };
  return {
    send: (frame) => write(carrier.encode(frame, side, 1, unmasked)),
    raw: write,
    close: () => socket.end(),
    abort: () => (socket.connecting ? socket.destroy() : socket.resetAndDestroy()),
  };
}
