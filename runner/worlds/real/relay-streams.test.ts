import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import { framed, type RelayedStreams, relayStreams } from './testing/streams.ts';

let relayed: RelayedStreams;

beforeEach(async () => {
  relayed = await relayStreams();
});

afterEach(() => relayed.close());

const fromClient = (text: string) => ({ from: 'client', text });
/** What was sent and delivered, a line each: `client a`, `> server a`; of a FIN its kind. */
const wire = (): string[] =>
  [...relayed.recorder.trace].flatMap((event) => {
    if (event.type !== 'sent' && event.type !== 'delivered') return [];
    const { frame } = event;
    const what = frame.class === 'data' ? Buffer.from(frame.data).toString() : frame.kind;
    return [event.type === 'sent' ? `${event.from} ${what}` : `> ${event.to} ${what}`];
  });

describe('a stream', () => {
  it('passes whole frames, however they were chunked, and its bytes are those that were sent', async () => {
    const { client, server } = await relayed.connected();
    for (const byte of framed('in one-byte segments')) {
      client.socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.send('two', '', 'in one chunk');
    await server.texts(4);
    expect(server.received).toEqual(['in one-byte segments', 'two', '', 'in one chunk']);
    expect(concatenate(server.chunks)).toEqual(framed(...server.received));
    server.send('and back');
    expect(await client.texts(1)).toEqual(['and back']);
  });

  it('passes a FIN one way: who has said all still gets its answer', async () => {
    const { client, server } = await relayed.connected();
    client.send('question');
    client.socket.end();
    await server.fin;
    expect(server.received).toEqual(['question']);
    server.send('answer', 'and more');
    await client.texts(2);
    server.socket.end();
    expect([await client.gone, await server.gone]).toEqual(['fin', 'fin']);
    await relayed.event('closed');
    expect(wire()).toEqual([
      ...['client question', '> server question', 'client fin', '> server fin'],
      ...['server answer', '> client answer', 'server and more', '> client and more', 'server fin', '> client fin'],
    ]);
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ by: 'client', how: 'fin' })]);
  });

  it('passes an RST at once, in whatever state the other direction is', async () => {
    const { client, server } = await relayed.connected();
    client.send('before');
    await server.texts(1);
    server.socket.end();
    await client.fin;
    client.socket.resetAndDestroy();
    expect(await server.gone).toBe('rst');
    expect(await relayed.event('closed')).toMatchObject({ by: 'client', how: 'rst' });
  });

  it('leads a client through that connects and says nothing', async () => {
    const { client, server } = await relayed.connected();
    server.send('the first word');
    expect(await client.texts(1)).toEqual(['the first word']);
    expect(server.received).toEqual([]);
  });

  it('passes what is left of a frame at its end, and records no frame of it', async () => {
    const { client, server } = await relayed.connected();
    client.socket.end(concatenate([framed('whole'), framed('not whole').subarray(0, 5)]));
    await server.fin;
    expect(concatenate(server.chunks).length).toBe(framed('whole').length + 5);
    expect(wire()).toEqual(['client whole', '> server whole', 'client fin', '> server fin']);
  });
});

describe('faults on a stream', () => {
  it.each([
    ['before', 'fin'],
    ['inside', 'fin'],
    ['after', 'fin'],
    ['before', 'rst'],
    ['inside', 'rst'],
    ['after', 'rst'],
  ] as const)('cut %s a frame, with %s', async (at, how) => {
    relayed.relay.fault({ cut: { frame: fromClient('two'), at, how } });
    const { client, server } = await relayed.connected();
    client.send('one');
    await server.texts(1);
    client.send('two');
    if (how === 'fin') await client.fin;
    else expect(await client.gone).toBe('rst');
    // A reset behind bytes that were just read is but an end to Node.
    await Promise.race([server.fin, server.gone]);
    const length = framed('two').length;
    const passed = { before: 0, inside: Math.floor(length / 2), after: length }[at];
    // What was on its way may be lost where the connection is reset.
    if (how === 'fin') expect(concatenate(server.chunks).length).toBe(framed('one').length + passed);
    expect(relayed.all('closed')).toEqual([expect.objectContaining({ by: 'proxy', how })]);
  });

  it.each(Array.from({ length: framed('split').length - 1 }, (_, i) => i + 1))('split after %i bytes', async (at) => {
    relayed.relay.fault({ split: { frame: fromClient('split'), at } });
    const { client, server } = await relayed.connected();
    client.send('split', 'behind');
    expect(await server.texts(2)).toEqual(['split', 'behind']);
    expect(server.chunks[0]?.length).toBe(at);
  });

  it('split into as many segments as it has bytes', async () => {
    relayed.relay.fault({ split: { frame: fromClient('split'), into: 100 } });
    const { client, server } = await relayed.connected();
    client.send('split');
    client.socket.end();
    await server.fin;
    expect(server.received).toEqual(['split']);
    expect(server.chunks.map(({ length }) => length)).toEqual(
      framed('split')
        .toString()
        .split(',')
        .map(() => 1),
    );
  });

  it('drop, duplicate, hold, reorder, corrupt, truncate, replace and inject', async () => {
    const { client, server } = await relayed.connected();
    const { fault } = relayed.relay;
    fault({ drop: { frame: fromClient('dropped') } });
    fault({ duplicate: { frame: fromClient('twice') } });
    fault({ hold: { frame: fromClient('held') } });
    fault({ reorder: { frame: fromClient('second') } });
    fault({ corrupt: { frame: fromClient('~'), byte: 0 } });
    fault({ truncate: { frame: fromClient('long'), to: 1 } });
    fault({ replace: { frame: fromClient('old'), set: { text: 'new' } } });
    client.send('dropped', 'twice', 'held', 'second', 'first', '~', 'long', 'old', 'last');
    await server.texts(8);
    fault('release');
    fault({ inject: { toward: 'server', hex: '6869' } });
    await server.texts(10);
    expect(server.received).toEqual(
      ['twice', 'twice', 'first', 'second', '\x81', 'l', 'new', 'last', 'held', 'hi'].map((text) => (text === '\x81' ? '\ufffd' : text)),
    );
  });

  it('drop a FIN, so that the other end waits', async () => {
    relayed.relay.fault({ drop: { frame: fromClient('fin') } });
    const { client, server } = await relayed.connected();
    client.send('all that I have to say');
    client.socket.end();
    await relayed.event('fault', ({ what }) => what.startsWith('drop'));
    server.send('are you there?');
    expect(await client.texts(1)).toEqual(['are you there?']);
    expect(server.socket.readableEnded).toBe(false);
  });

  it('stall, with the FIN behind it, and resume', async () => {
    const { client, server } = await relayed.connected();
    relayed.relay.fault({ stall: { from: 'client' } });
    client.send('late');
    client.socket.end();
    await relayed.event('sent', ({ frame }) => frame.kind === 'fin');
    server.send('meanwhile');
    await client.texts(1);
    expect(server.received).toEqual([]);
    relayed.relay.fault('resume');
    await server.fin;
    expect(server.received).toEqual(['late']);
  });

  it.each(['reset', 'silent'] as const)('refuse (%s)', async (how) => {
    relayed.relay.fault({ refuse: { how, times: 1 } });
    if (how === 'reset') {
      await relayed.dial().then(
        ({ gone }) => gone,
        () => {},
      );
    } else {
      const client = await relayed.dial();
      client.send('is anybody there?');
      client.socket.end();
      await relayed.event('closed');
      expect(client.received).toEqual([]);
    }
    const { server, client: next } = await relayed.connected();
    next.send('again');
    expect(await server.texts(1)).toEqual(['again']);
  });

  it('what cannot be said on a stream is told', () => {
    expect(() => relayed.relay.fault({ close: { code: 1000 } })).toThrow(
      /close is nothing that tcp can do; it can do cut, stall, .*split\.at/,
    );
  });
});

it('back-pressure holds: a reader that stops stops the writer, and nothing is lost', async () => {
  const { client, server } = await relayed.connected();
  server.socket.pause();
  const text = 'x'.repeat(64 * 1024);
  let sent = 0;
  while (client.socket.write(framed(text)) && sent < 1000) sent += 1;
  server.socket.resume();
  if (client.socket.writableNeedDrain) await once(client.socket, 'drain');
  await server.texts(sent + 1);
  expect(server.received.every((each) => each === text)).toBe(true);
});
