import { afterEach, describe, expect, it } from 'vitest';
import { type Link, type LinkClosed, type LinkEvents, NO_CODE } from '../../../protocols/common/environment.ts';
import type { MessageFrame, UpkeepFrame } from '../../../protocols/common/frame.ts';
import { listenForWebSockets, webSocketDialer } from './websocket-link.ts';

let cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanUp) await clean();
  cleanUp = [];
});

/** One end of a connection, and what it was told. */
interface End {
  readonly link: Link;
  readonly told: string[];
  readonly opened: Promise<void>;
  readonly message: Promise<MessageFrame>;
  readonly upkeep: Promise<UpkeepFrame>;
  readonly closed: Promise<LinkClosed>;
}

function makeEnd(open: (events: LinkEvents) => Link): End {
  const told: string[] = [];
  const on: {
    opened: () => void;
    message: (frame: MessageFrame) => void;
    upkeep: (frame: UpkeepFrame) => void;
    closed: (closed: LinkClosed) => void;
  } = {
    opened: () => {},
    message: () => {},
    upkeep: () => {},
    closed: () => {},
  };
  const opened = new Promise<void>((resolve) => {
    on.opened = resolve;
  });
  const message = new Promise<MessageFrame>((resolve) => {
    on.message = resolve;
  });
  const upkeep = new Promise<UpkeepFrame>((resolve) => {
    on.upkeep = resolve;
  });
  const closed = new Promise<LinkClosed>((resolve) => {
    on.closed = resolve;
  });
  const link = open({
    opened() {
      told.push('opened');
      on.opened();
    },
    message(frame) {
      told.push('message');
      on.message(frame);
    },
    upkeep(frame) {
      on.upkeep(frame);
    },
    closed(how) {
      told.push('closed');
      on.closed(how);
    },
  });
  return { link, told, opened, message, upkeep, closed };
}

/** A client's end and a server's, connected. */
async function pair(): Promise<{ client: End; server: End; url: string }> {
  let accepted: (end: End) => void = () => {};
  const accepting = new Promise<End>((resolve) => {
    accepted = resolve;
  });
  const listener = await listenForWebSockets((link) => {
    const held: { events: LinkEvents | undefined } = { events: undefined };
    const end = makeEnd((events) => {
      held.events = events;
      return link;
    });
    accepted(end);
    if (held.events === undefined) throw new Error('an end hands its events over at once');
    return held.events;
  });
  const dialer = webSocketDialer(listener.url);
  cleanUp.push(dialer.close, listener.close);
  const client = makeEnd(dialer.dial);
  const server = await accepting;
  await client.opened;
  return { client, server, url: listener.url };
}

describe('links', () => {
  it('carry messages both ways, text and binary told apart', async () => {
    const { client, server } = await pair();
    client.link.send({ kind: 'message', class: 'data', text: true, data: Uint8Array.of(0xff) });
    server.link.send({ kind: 'message', class: 'data', text: false, data: Uint8Array.of(1, 2) });
    expect(await server.message).toEqual({ kind: 'message', class: 'data', text: true, data: Uint8Array.of(0xff) });
    expect(await client.message).toEqual({ kind: 'message', class: 'data', text: false, data: Uint8Array.of(1, 2) });
    expect(server.told[0]).toBe('opened');
  });

  it('answer a ping by a pong with its bytes, and tell of both', async () => {
    const { client, server } = await pair();
    server.link.upkeep?.({ kind: 'ping', class: 'upkeep', data: Uint8Array.of(7, 8) });
    expect(await client.upkeep).toEqual({ kind: 'ping', class: 'upkeep', data: Uint8Array.of(7, 8) });
    expect(await server.upkeep).toEqual({ kind: 'pong', class: 'upkeep', data: Uint8Array.of(7, 8) });
  });

  it('close in order, with the code and the reason at the other end', async () => {
    const { client, server } = await pair();
    client.link.close(4000, 'why');
    expect(await server.closed).toEqual({ code: 4000, reason: 'why' });
    expect((await client.closed).code).toBe(4000);
    client.link.send({ kind: 'message', class: 'data', text: true, data: new Uint8Array(0) });
    client.link.close(1000, '');
    client.link.abort();
    expect(client.told).toEqual(['opened', 'closed']);
  });

  it('close in order without a code, which is 1005 to both ends', async () => {
    const { client, server } = await pair();
    server.link.close(NO_CODE, '');
    expect([await client.closed, await server.closed]).toEqual([
      { code: 1005, reason: '' },
      { code: 1005, reason: '' },
    ]);
  });

  it('are lost without a code when one end gives up', async () => {
    const { client, server } = await pair();
    server.link.abort();
    expect(await client.closed).toEqual({ code: 1006, reason: '' });
    expect(await server.closed).toEqual({ code: 1006, reason: '' });
  });

  it('close without having opened where nobody listens', async () => {
    const listener = await listenForWebSockets(() => ({ opened() {}, message() {}, closed() {} }));
    await listener.close();
    const dialer = webSocketDialer(listener.url);
    const end = makeEnd(dialer.dial);
    expect(await end.closed).toMatchObject({ code: 1006 });
    expect(end.told).toEqual(['closed']);
  });

  it('lead nowhere once their dialer was closed', async () => {
    const { url } = await pair();
    const dialer = webSocketDialer(url);
    await dialer.close();
    const end = makeEnd(dialer.dial);
    end.link.send({ kind: 'message', class: 'data', text: true, data: new Uint8Array(0) });
    end.link.abort();
    expect(end.told).toEqual([]);
  });
});
