import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenBare, type RelayedServer, relayTo } from './testing/relayed-echo.ts';

let listener: { readonly port: number; readonly server: Server };
let accepted: Promise<Socket>;

beforeEach(async () => {
  let accept = (_socket: Socket): void => {};
  accepted = new Promise((resolve) => {
    accept = resolve;
  });
  listener = await listenBare((socket) => accept(socket));
});

afterEach(() => listener.server.close());

/** Two sockets with a relay between them; what became of each, once it is gone. */
async function relayed(farewellMs: number | undefined): Promise<{ relay: RelayedServer; ends: Socket[]; endings: Promise<string[]> }> {
  const relay = await relayTo(listener.port, undefined, farewellMs);
  const client = connect({ port: relay.relay.address.port, host: '127.0.0.1', allowHalfOpen: true });
  const server = await accepted;
  const ends = [client, server];
  const endings = Promise.all(
    ends.map(async (socket) => {
      let how = 'ended';
      socket.on('error', ({ message }) => {
        how = message;
      });
      socket.resume();
      await new Promise((resolve) => socket.on('close', resolve));
      return how;
    }),
  );
  return { relay, ends, endings };
}

describe('a relay that closes', () => {
  it('ends connections, and lets their ends do so too', async () => {
    const { relay, ends, endings } = await relayed(60_000);
    for (const socket of ends) socket.on('end', () => socket.end());
    await relay.close();
    expect(await endings).toEqual(['ended', 'ended']);
    expect(relay.all('closed')).toEqual([]);
  });

  it('lets go of ends that do not', async () => {
    const { relay, ends } = await relayed(1);
    await Promise.all([relay.close(), ...ends.map((socket) => once(socket, 'end'))]);
    const unheard = ends.map(async (socket) => {
      while (!socket.destroyed) await new Promise((resolve) => socket.write('anybody there?', resolve));
    });
    await Promise.all(unheard);
  });

  it('resets connections at once where no time is given', async () => {
    const { relay, ends, endings } = await relayed(undefined);
    for (const socket of ends) socket.on('end', () => socket.end());
    await relay.close();
    expect((await endings)[0]).toBe('read ECONNRESET');
  });
});
