import { describe, expect, test } from 'vitest';
import { bench, services } from '../testing/bench.ts';

const ok = (payload: unknown) => ({ ok: true, payload });
const error = (code: string) => ({ ok: false, payload: expect.objectContaining({ code }) });
const CLOSE = { type: 'CLOSE' };
const bytes = new TextEncoder().encode('contents for file a.txt');

type Row = readonly [procedure: string, init: unknown, requests: readonly unknown[], responses: readonly unknown[]];

const answered: readonly Row[] = [
  ['test.add', { n: 2 }, [], [ok({ result: 2 })]],
  ['test.echoBinary', { data: bytes }, [], [ok({ data: bytes, length: bytes.length })]],
  ['test.echoRecursive', { value: 'a', children: [{ value: 'b' }] }, [], [ok({ value: 'a', children: [{ value: 'b' }] })]],
  ['test.echoRecursive', { value: 'a', children: [{ value: 1 }] }, [], [error('INVALID_REQUEST')]],
  ['test.array', { n: 1 }, [], [ok([1])]],
  ['test.echoUnion', { b: 'x' }, [], [ok({ b: 'x' })]],
  ['nonObject.add', 4, [], [ok(5)]],
  ['fallible.divide', { a: 6, b: 3 }, [], [ok({ result: 2 })]],
  ['fallible.divide', { a: 6, b: 0 }, [], [error('DIV_BY_ZERO')]],
  ['fallible.divide', { a: 1e308, b: 1e-308 }, [], [error('INFINITY')]],
  ['cancel.immediateRpc', {}, [], [ok({ done: true })]],
  ['BinaryFile.getFile', { file: 'a.txt' }, [], [ok({ contents: bytes })]],
  ['handshake.token', {}, [], [ok({ token: 'valid-token' })]],
  ['echo.any', 7n, [], [ok({ value: 7n })]],
  ['echo.any', null, [], [ok({ value: null })]],
  ['subscribable.add', { n: 3 }, [], [ok({ result: 3 })]],
  ['test.echo', {}, [{ msg: 'a' }, { msg: 'b', ignore: true }], [ok({ response: 'a' }), CLOSE]],
  ['test.echoWithPrefix', { prefix: 'p' }, [{ msg: 'a' }], [ok({ response: 'p a' }), CLOSE]],
  ['test.arrayStream', {}, [{ n: 3 }], [ok([3])]],
  ['test.unimplementedUpload', {}, [], [error('UNCAUGHT_ERROR')]],
  ['fallible.echo', {}, [{ msg: 'a', throwResult: true }, { msg: 'b' }], [error('STREAM_ERROR'), ok({ response: 'b' }), CLOSE]],
  ['fallible.echo', {}, [{ msg: 'a', throwError: true }], [error('UNCAUGHT_ERROR')]],
  ['uploadable.addMultiple', {}, [{ n: 1 }, { n: 2 }], [ok({ result: 3 })]],
  ['uploadable.addMultiple', {}, [], [ok({ result: 0 })]],
  ['uploadable.addMultipleWithPrefix', { prefix: 'p' }, [{ n: 1 }], [ok({ result: 'p 1' })]],
  ['uploadable.cancellableAdd', {}, [{ n: 9 }], [ok({ result: 9 })]],
  ['cancel.immediateStream', {}, [], [ok({ done: true }), CLOSE]],
  ['cancel.immediateUpload', {}, [], [ok({ done: true })]],
  ['cancel.immediateSubscription', {}, [], [ok({ done: true }), CLOSE]],
  ['cancel.countedStream', { total: 2 }, [], [ok({ i: 0 }), ok({ i: 1 }), CLOSE]],
  ['handshake.watchToken', {}, [{ ask: true }], [ok({ token: 'valid-token' }), CLOSE]],
  ['control.holdOpenStream', {}, [{ msg: 'a' }], [ok({ response: 'a' }), ok({ response: 'still open' })]],
  ['echo.anyStream', {}, [{ value: [null] }], [ok({ value: [null] }), CLOSE]],
];

describe.each(['json', 'msgpack'])('%s', (codec) => {
  test.each(answered)('%s %o', (procedure, init, requests, responses) => {
    const client = bench({ handshake: 'token' }, codec).join('client', 'session-A', { token: 'valid-token' });
    const [service = '', name = ''] = procedure.split('.');
    const kind = (services as { procedures: Record<string, { kind: string }> }).procedures[`${service}.${name}`]?.kind;
    client.open(procedure, init, { flags: kind === 'rpc' ? 10 : 2 });
    for (const payload of requests) client.send({ payload });
    if (kind !== 'rpc') client.send({ controlFlags: 8, payload: CLOSE });
    expect(client.take().map((item) => (item as unknown[])[1])).toEqual(responses);
  });
});

test('ordering keeps a log, per server', () => {
  for (let i = 0; i < 2; i += 1) {
    const client = bench().join();
    for (const n of [3, 1, 2]) client.open('ordering.add', { n }, { streamId: `add${n}`, flags: 10 });
    client.open('ordering.getAll', {}, { flags: 10 });
    expect(client.take()).toEqual([[8, ok({ msgs: [3, 1, 2] })]]);
  }
});

test('subscribers hear of changes until they leave', () => {
  const { join, handlers } = bench();
  const [a, b] = [join('a', 'session-a'), join('b', 'session-b')];
  for (const client of [a, b]) client.open('subscribable.value', {}, { flags: 2 });
  b.send({ controlFlags: 8, payload: CLOSE });
  a.open('subscribable.add', { n: 2 }, { streamId: 'add', flags: 10 });
  expect(a.take()).toEqual([
    [0, ok({ count: 0 })],
    [0, ok({ count: 2 })],
  ]);
  expect(b.take()).toEqual([
    [0, ok({ count: 0 })],
    [8, CLOSE],
  ]);
  a.send({ controlFlags: 4, payload: {} });
  a.open('subscribable.add', { n: 2 }, { streamId: 'add2', flags: 10 });
  expect(a.take()).toEqual([]);
  expect(handlers.filter((event) => event.startsWith('subscribable.value finished'))).toHaveLength(2);
});
