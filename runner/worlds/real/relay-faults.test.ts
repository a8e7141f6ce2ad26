import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import {
  connectClient,
  type EchoClient,
  type EchoServer,
  openClient,
  type RelayedServer,
  relayTo,
  startEcho,
} from './testing/relayed-echo.ts';

let echo: EchoServer;
let relayed: RelayedServer;

beforeEach(async () => {
  echo = await startEcho();
  relayed = await relayTo(echo.port);
});

afterEach(async () => {
  await relayed.close();
  await echo.close();
});

const connected = () => connectClient(relayed.url);
const fromClient = (text: string) => ({ from: 'client', text });
const fromServer = (text: string) => ({ from: 'server', text });

/** Raw length of a short text frame from the client: header, mask, text. */
const rawLength = (text: string) => 6 + text.length;

async function sendAll(client: EchoClient, ...texts: string[]): Promise<void> {
  for (const text of texts) client.send(text);
  await relayed.event('sent', ({ from, decoded }) => from === 'client' && decoded?.ok === true && decoded.message === texts.at(-1));
}

describe('cut', () => {
  const passed = { before: 0, inside: Math.floor(rawLength('two') / 2), after: rawLength('two') };

  it.each([
    ['before', 'fin'],
    ['inside', 'fin'],
    ['after', 'fin'],
    ['before', 'rst'],
    ['inside', 'rst'],
    ['after', 'rst'],
  ] as const)('%s a frame, with %s', async (at, how) => {
    relayed.relay.fault({ cut: { frame: fromClient('two'), at, how } });
    const client = await connected();
    client.send('one');
    await client.messages(1);
    client.send('two');
    expect(await client.closed).toBe(1006);
    await echo.ended(1);
    expect(concatenate(echo.raw).length).toBe(rawLength('one') + passed[at]);
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ connection: 0, by: 'proxy', how })]);
    expect(relayed.all('delivered').filter(({ to }) => to === 'server')).toHaveLength(at === 'after' ? 2 : 1);
  });

  it('now ends the live connections and refuses new ones until they are restored', async () => {
    const client = await connected();
    relayed.relay.fault('cut');
    expect(await client.closed).toBe(1006);
    expect(await openClient(relayed.url).closed).toBe(1006);
    relayed.relay.fault('restore');
    const again = await connected();
    again.send('hello');
    expect(await again.messages(1)).toEqual(['hello']);
    expect(relayed.all('closed').map(({ by, how }) => [by, how])).toEqual([
      ['proxy', 'rst'],
      ['proxy', 'rst'],
    ]);
  });
});

describe('frames', () => {
  it('drop: the frame is sent and not delivered', async () => {
    relayed.relay.fault({ drop: { frame: fromClient('b') } });
    const client = await connected();
    await sendAll(client, 'a', 'b', 'c');
    expect(await client.messages(2)).toEqual(['a', 'c']);
  });

  it('duplicate: twice in a row, byte for byte', async () => {
    relayed.relay.fault({ duplicate: { frame: fromClient('a') } });
    const client = await connected();
    await sendAll(client, 'a', 'b');
    expect(await client.messages(3)).toEqual(['a', 'a', 'b']);
    const raw = concatenate(echo.raw);
    expect(raw.subarray(0, rawLength('a'))).toEqual(raw.subarray(rawLength('a'), 2 * rawLength('a')));
  });

  it('hold and release: later frames overtake', async () => {
    relayed.relay.fault({ hold: { frame: fromServer('a') } });
    const client = await connected();
    await sendAll(client, 'a', 'b');
    await client.messages(1);
    relayed.relay.fault('release');
    expect(await client.messages(2)).toEqual(['b', 'a']);
  });

  it('reorder: swaps a frame with the next', async () => {
    relayed.relay.fault({ reorder: { frame: fromClient('a') } });
    const client = await connected();
    await sendAll(client, 'a', 'b', 'c');
    expect(await client.messages(3)).toEqual(['b', 'a', 'c']);
  });

  it('corrupt: flips one byte and frames it anew, masked', async () => {
    relayed.relay.fault({ corrupt: { frame: fromClient('aaa'), byte: 1 } });
    const client = await connected();
    await sendAll(client, 'aaa', 'b');
    await client.messages(2);
    expect(echo.received).toEqual([Buffer.from([0x61, 0x9e, 0x61]).toString(), 'b']);
    expect(relayed.all('delivered').filter(({ altered }) => altered)).toHaveLength(1);
  });

  it('truncate: keeps the first bytes', async () => {
    relayed.relay.fault({ truncate: { frame: fromServer('abcdef'), to: 2 } });
    const client = await connected();
    await sendAll(client, 'abcdef');
    expect(await client.messages(1)).toEqual(['ab']);
  });

  it('replace: encodes the message again', async () => {
    relayed.relay.fault({ replace: { frame: fromClient('a'), set: { text: 'z' } } });
    const client = await connected();
    await sendAll(client, 'a');
    expect(await client.messages(1)).toEqual(['z']);
  });

  it('delay: the frames behind wait too', async () => {
    relayed.relay.fault({ delay: { frame: fromClient('a'), for: 5000 } });
    const client = await connected();
    await sendAll(client, 'a', 'b');
    expect(relayed.all('delivered')).toEqual([]);
    expect(await client.messages(2)).toEqual(['a', 'b']);
  });

  it('split: one message in fragments', async () => {
    relayed.relay.fault({ split: { frame: fromClient('abcdef'), into: 3 } });
    const client = await connected();
    await sendAll(client, 'abcdef', 'g');
    expect(await client.messages(2)).toEqual(['abcdef', 'g']);
    const raw = concatenate(echo.raw);
    expect(raw.length).toBe(3 * rawLength('ab') + rawLength('g'));
    expect([raw[0], raw[rawLength('ab')], raw[2 * rawLength('ab')]]).toEqual([0x01, 0x00, 0x80]);
  });

  it('inject: a frame that nobody sent', async () => {
    const client = await connected();
    relayed.relay.fault({ inject: { toward: 'client', text: 'made up' } });
    relayed.relay.fault({ inject: { toward: 'server', message: 'made up too' } });
    expect(await client.messages(2)).toEqual(['made up', 'made up too']);
    expect(relayed.all('sent')).toHaveLength(1);
  });
});

describe('stall', () => {
  it('passes nothing on live connections until resumed, everything on new ones', async () => {
    const stalled = await connected();
    relayed.relay.fault('stall');
    await sendAll(stalled, 'late');
    const fresh = await connected();
    fresh.send('fresh');
    await fresh.messages(1);
    expect(echo.received).toEqual(['fresh']);
    relayed.relay.fault('resume');
    expect(await stalled.messages(1)).toEqual(['late']);
    expect(relayed.all('closed')).toEqual([]);
  });

  it('reports an end that gave up, and leaves the other end without word of it', async () => {
    const stalled = await connected();
    relayed.relay.fault('stall');
    stalled.socket.terminate();
    expect(await relayed.event('closed')).toMatchObject({ by: 'client' });
    expect(echo.closes).toEqual([]);
  });
});

describe('close', () => {
  it('puts a close frame with the code on both sides', async () => {
    const client = await connected();
    relayed.relay.fault({ close: { code: 1012 } });
    expect(await client.closed).toBe(1012);
    await echo.ended(1);
    expect(echo.closes).toEqual([1012]);
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ by: 'proxy', code: 1012 })]);
  });

  it('puts a close frame without a code on both sides', async () => {
    const client = await connected();
    relayed.relay.fault({ close: { code: 'none' } });
    expect(await client.closed).toBe(1005);
    await echo.ended(1);
    expect(echo.closes).toEqual([1005]);
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ by: 'proxy', how: 'close', code: undefined })]);
  });
});

describe('refuse', () => {
  it.each(['reset', 'http'] as const)('%s: the connection never opens', async (how) => {
    relayed.relay.fault({ refuse: { how, times: 1 } });
    const refused = openClient(relayed.url);
    const errors: string[] = [];
    refused.socket.on('error', ({ message }) => errors.push(message));
    expect(await refused.closed).toBe(1006);
    expect(errors).toEqual([expect.stringMatching(how === 'http' ? /503/ : /ECONNRESET|hang up/)]);
    const client = await connected();
    client.send('a');
    await client.messages(1);
    expect(relayed.all('opened')).toHaveLength(2);
    expect(relayed.all('closed')).toHaveLength(1);
  });

  it('silent: nothing is answered until the client gives up', async () => {
    relayed.relay.fault({ refuse: { how: 'silent', times: 1 } });
    const refused = openClient(relayed.url);
    await relayed.event('opened');
    const client = await connected();
    client.send('a');
    await client.messages(1);
    expect(relayed.all('closed')).toEqual([]);
    refused.socket.terminate();
    expect(await relayed.event('closed')).toMatchObject({ connection: 0, by: 'client' });
  });
});

it('says why a fault cannot be carried out', () => {
  expect(() => relayed.relay.fault({ inject: { toward: 'client', text: 'x' } })).toThrow(/no live connection/);
});
