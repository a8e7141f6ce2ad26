import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { carriedOut, isHere, scratch, start, type Talk } from './talk.ts';
import { TOYS } from './toys.ts';

afterAll(() => rmSync(scratch, { recursive: true }));

const request = (id: unknown, method: string, params?: object): object => ({ id, method, ...(params === undefined ? {} : { params }) });
const ok = (id: unknown, result: object = {}): object => ({ id, result });
const refused = (id: unknown, code: number, message: string): object => ({ id, error: { code, message } });
const told = (method: string, params: object): object => ({ method, params });
const item = (call: string, value: unknown, more: object = {}): object => told('message', { call, result: { ok: true, value, ...more } });
/** What a toy tells of a call that was asked for without more; `value` is there only where the call opens with one. */
const asked = { procedure: null, service: null, credit: null, to: null };
/** What a toy tells of its handler when it serves; `value` is there only where its options hold one. */
const started = (instance: string, value: { readonly value?: unknown }): object =>
  told('handler', { instance, procedure: 'echo', run: '1', event: 'started', ...value, metadata: { $bytes: 'AP8=' } });
const connect = { client: 'c', url: 'ws://127.0.0.1:1', binding: 'json' };

/** Conversations: what is sent, and all that is to come of it, the answer last. */
const CONVERSATIONS: Readonly<
  Record<string, readonly (readonly [sent: readonly (string | Buffer | object)[], heard: readonly object[]])[]>
> = {
  'the adapter says what it is, is pinged and ends': [
    [[request(1, 'initialize', { control: 1, protocol: 'river' })], [ok(1, { control: 1, name: 'toy', roles: ['client', 'server'] })]],
    [[request('two', 'ping')], [ok('two')]],
    [[request(3, 'shutdown', {})], [ok(3)]],
  ],
  'a call in the words of today': [
    [[request(1, 'connect', { ...connect, eager: true })], [told('status', { instance: 'c', status: 'connected', detail: 'json' }), ok(1)]],
    [
      [request(2, 'invoke', { at: 'c', call: 'k', kind: 'stream', procedure: 'p', value: { $bytes: 'AAH/' }, metadata: 'm', credit: 2 })],
      [told('start', { call: 'k', metadata: 'm' }), item('k', { ...asked, procedure: 'p', value: { $bytes: 'AAH/' }, credit: 2 }), ok(2)],
    ],
    [
      [request(3, 'send', { call: 'k', value: [1.5, { a: null }], metadata: { b: 'c' } })],
      [item('k', [1.5, { a: null }], { metadata: { b: 'c' } }), ok(3)],
    ],
    [[request(4, 'credit', { call: 'k', n: 3 })], [item('k', '3 more'), ok(4)]],
    [[request(5, 'finish', { call: 'k', metadata: 'last' })], [told('end', { call: 'k', metadata: 'last' }), ok(5)]],
    [[request(6, 'disconnect', { client: 'c' })], [told('log', { message: 'closed' }), ok(6)]],
  ],
  'and in those of before': [
    [
      [request(1, 'connect', { client: 'c', url: 'x', codec: 'msgpack', eager: true })],
      [told('status', { instance: 'c', status: 'connected', detail: 'msgpack' }), ok(1)],
    ],
    [
      [request(2, 'invoke', { client: 'c', call: 'k', service: 's', procedure: 'p', kind: 'stream', init: { n: 1 } })],
      [told('start', { call: 'k' }), item('k', { ...asked, service: 's', procedure: 'p', value: { n: 1 } }), ok(2)],
    ],
    [[request(3, 'send', { call: 'k', request: { msg: 'hi' } })], [item('k', { msg: 'hi' }), ok(3)]],
    [
      [request(4, 'finish', { call: 'k', error: { code: 7, message: 'no more' } })],
      [
        told('message', { call: 'k', result: { ok: false, error: { code: 7, message: 'no more', extras: { from: 'finish' } } } }),
        told('end', { call: 'k' }),
        ok(4),
      ],
    ],
  ],
  'a call that opens with null, and one that opens without a value': [
    [[request(1, 'connect', connect)], [ok(1)]],
    [
      [request(2, 'invoke', { at: 'c', call: 'null', kind: 'stream', value: null })],
      [told('start', { call: 'null' }), item('null', { ...asked, value: null }), ok(2)],
    ],
    [[request(3, 'invoke', { at: 'c', call: 'none', kind: 'stream' })], [told('start', { call: 'none' }), item('none', asked), ok(3)]],
    [
      [request(4, 'invoke', { client: 'c', call: 'before', kind: 'stream', init: null })],
      [told('start', { call: 'before' }), item('before', { ...asked, value: null }), ok(4)],
    ],
  ],
  'a server, which calls, too': [
    [
      [request(1, 'serve', { server: 's', binding: 'tcp', timers: { port: 5 }, options: { value: { $bytes: 'AP8=' } } })],
      [started('s', { value: { $bytes: 'AP8=' } }), ok(1, { url: 'ws://127.0.0.1:5' })],
    ],
    [[request(2, 'invoke', { at: 's', call: 'back', kind: 'stream', to: 1 })], [ok(2)]],
    [
      [request(3, 'cancel', { call: 'back' })],
      [
        told('message', { call: 'back', result: { ok: false, error: { code: 'CANCEL', message: 'cancelled' } } }),
        told('end', { call: 'back' }),
        ok(3),
      ],
    ],
    [[request(4, 'stop', { server: 's' })], [told('log', { message: 'stopped None' }), ok(4)]],
    [[request(5, 'stop', { server: 's' })], [refused(5, -32000, 'there is no server s')]],
  ],
  'a handler that saw null, and one that saw no value': [
    [
      [request(1, 'serve', { server: 'null', options: { value: null } })],
      [started('null', { value: null }), ok(1, { url: 'ws://127.0.0.1:1' })],
    ],
    [[request(2, 'serve', { server: 'none', options: {} })], [started('none', {}), ok(2, { url: 'ws://127.0.0.1:1' })]],
  ],
  'a client that was closed stays, until it is connected anew': [
    [[request(1, 'connect', connect)], [ok(1)]],
    [[request(2, 'disconnect', { client: 'c' })], [told('log', { message: 'closed' }), ok(2)]],
    [[request(3, 'invoke', { at: 'c', call: 'k', kind: 'once', value: 1 })], [item('k', 1), told('end', { call: 'k' }), ok(3)]],
    [
      [request(4, 'connect', { ...connect, binding: 'new', eager: true })],
      [told('status', { instance: 'c', status: 'connected', detail: 'new' }), ok(4)],
    ],
    [
      [request(5, 'connect', { ...connect, binding: 'newer', eager: true })],
      [told('status', { instance: 'c', status: 'connected', detail: 'new' }), ok(5)],
    ],
  ],
  'what the library cannot do is refused': [
    [[request(1, 'connect', connect)], [ok(1)]],
    [[request(2, 'invoke', { at: 'c', call: 'k', kind: 'once', value: 'v' })], [item('k', 'v'), told('end', { call: 'k' }), ok(2)]],
    [[request(3, 'send', { call: 'k', value: 1 })], [refused(3, -32000, 'the library cannot send on such a call')]],
    [[request(4, 'credit', { call: 'k', n: 1 })], [refused(4, -32000, 'the library cannot credit on such a call')]],
    [[request(5, 'invoke', { at: 'c', call: 'k', kind: 'once' })], [refused(5, -32000, 'there is a call k already')]],
    [[request(6, 'invoke', { at: 'c', call: 'l', kind: 'stream' })], [told('start', { call: 'l' }), item('l', asked), ok(6)]],
    [[request(7, 'send', { call: 'l', value: 'refuse' })], [refused(7, -32000, 'not this one')]],
  ],
  'handles that are not there': [
    [[request(1, 'invoke', { at: 'x', call: 'k', kind: 'stream' })], [refused(1, -32000, 'there is no client or server x')]],
    [[request(2, 'send', { call: 'k', value: 1 })], [refused(2, -32000, 'there is no call k')]],
    [[request(3, 'cancel', { call: 'k' })], [refused(3, -32000, 'there is no call k')]],
    [[request(4, 'disconnect', { client: 'x' })], [refused(4, -32000, 'there is no client x')]],
  ],
  'values that JSON has no form for': [
    [[request(1, 'connect', connect)], [ok(1)]],
    [[request(2, 'invoke', { at: 'c', call: 'k', kind: 'stream' })], [told('start', { call: 'k' }), item('k', asked), ok(2)]],
    ...[
      { $bigint: '18446744073709551616' },
      { $bigint: '-9007199254740993' },
      { $number: '-0' },
      { $number: '-Infinity' },
      { $bytes: '' },
      [{ $bytes: 'AA==' }, { $number: 'NaN' }],
      2 ** 53 - 1,
      2 ** 60,
      0.1,
      '\u2028\ud83d\ude00\u0000',
      { $other: 'as it is' },
      { __proto__x: 1, '': [] },
      Array.from({ length: 500 }).reduce((inner) => [inner], 0),
    ].map((value, i) => [[request(i, 'send', { call: 'k', value })], [item('k', value), ok(i)]] as const),
  ],
  'lines that are no requests': [
    [['', '  ', '\r', request(1, 'ping')], [ok(1)]],
    [['no JSON'], [refused(null, -32700, 'the line is no JSON in UTF-8')]],
    [['{"id":1,"method":"ping","params":{"x":NaN}}'], [refused(null, -32700, 'the line is no JSON in UTF-8')]],
    [[Buffer.from([0x22, 0xff, 0x22])], [refused(null, -32700, 'the line is no JSON in UTF-8')]],
    [['\ufeff{"id":1,"method":"ping"}'], [refused(null, -32700, 'the line is no JSON in UTF-8')]],
    [['[1]'], [refused(null, -32600, 'the line is no request: it has no method')]],
    [['null'], [refused(null, -32600, 'the line is no request: it has no method')]],
    [['{"id":7}'], [refused(7, -32600, 'the line is no request: it has no method')]],
    [['{"id":8,"method":8}'], [refused(8, -32600, 'the line is no request: it has no method')]],
    [['{"id":9,"method":"ping","params":[]}'], [refused(9, -32602, 'params must be an object')]],
    [[request(10, 'toString')], [refused(10, -32601, 'there is no method toString')]],
    [[request(11, '__init__')], [refused(11, -32601, 'there is no method __init__')]],
    [[request(12, 'invoke', {})], [refused(12, -32602, 'invoke needs call and kind')]],
    [[request(13, 'serve')], [refused(13, -32602, 'serve needs server')]],
    // Without an id nobody waits for an answer.
    [[{ method: 'ping' }, { method: 'nonsense' }, request(14, 'ping')], [ok(14)]],
  ],
};

test('every kit has a toy', () => {
  const kits = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { withFileTypes: true });
  expect(Object.keys(TOYS).sort()).toEqual(
    kits.flatMap((each) => (each.isDirectory() && each.name !== 'testing' ? [each.name] : [])).sort(),
  );
});

describe.each(Object.entries(TOYS))('the %s kit', (_language, toy) => {
  const here = isHere(toy);

  test.skipIf(here)('is left out', (context) => context.skip(`its language is not here: ${toy.install}`));

  describe.skipIf(!here)('holds the conversation', () => {
    const { build } = toy;
    if (build !== undefined) beforeAll(() => void carriedOut(toy, build));
    const started = (): Talk => {
      const talk = start(toy);
      onTestFinished(talk.kill);
      return talk;
    };

    test.each(Object.entries(CONVERSATIONS))('%s', async (_name, turns) => {
      const { ask } = started();
      for (const [sent, heard] of turns) expect(await ask(...sent)).toEqual(heard);
    });

    test('a value with a malformed tag is refused, whatever its kind', async () => {
      const { ask } = started();
      await ask(request(1, 'connect', connect));
      await ask(request(2, 'invoke', { at: 'c', call: 'k', kind: 'stream' }));
      for (const value of [{ $bytes: 1 }, { $bytes: '%' }, { $bigint: 'x' }, { $number: 'many' }, { $undefined: 0 }]) {
        expect(await ask(request(3, 'send', { call: 'k', value }))).toEqual([
          { id: 3, error: { code: -32000, message: expect.any(String) } },
        ]);
      }
    });

    test('a call that takes long holds up no other request', async () => {
      const { ask } = started();
      await ask(request(1, 'connect', connect));
      expect(await ask(request(2, 'invoke', { at: 'c', call: 'k', kind: 'slow' }), request(3, 'ping'))).toEqual([ok(3)]);
      expect(await ask(request(4, 'ping'))).toEqual([ok(4)]);
      expect(await ask()).toEqual([told('start', { call: 'k' }), item('k', asked), ok(2)]);
    });

    test('a line of more than a megabyte, in pieces', async () => {
      const { ask } = started();
      const long = 'ä'.repeat(700_000);
      await ask(request(1, 'connect', connect));
      const [first] = await ask(request(2, 'invoke', { at: 'c', call: 'k', kind: 'once', value: long }));
      expect(first).toEqual(item('k', long));
    });

    test('what a library prints goes to stderr, and the end of stdin ends it', async () => {
      const { ask, end } = started();
      await ask(request(1, 'connect', connect));
      await ask(request(2, 'invoke', { at: 'c', call: 'k', kind: 'once', value: 1 }));
      const { code, stderr } = await end();
      expect(code).toBe(0);
      expect(stderr).toContain('a library that prints');
    });

    for (const words of toy.tidy ?? []) {
      test(`and ${words.join(' ')} finds nothing`, () => expect(carriedOut(toy, words)).toBe(''));
    }
  });
});
