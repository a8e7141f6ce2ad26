import { describe, expect, test } from 'vitest';
import { MOST_CALLS } from '../../protocols/common/limits.ts';
import { refusals } from './invalid-request.ts';
import { bench, type HandClient } from './testing/bench.ts';

const invalid = (message: string) => [4, { ok: false, payload: expect.objectContaining({ code: 'INVALID_REQUEST', message }) }];
const CLOSE = { controlFlags: 8, payload: { type: 'CLOSE' } };

describe('invalid requests', () => {
  const rows: readonly [string, (client: HandClient) => void, string][] = [
    ['data on an unknown stream', (c) => c.send({ payload: {} }), refusals.notOpen],
    ['CLOSE on an unknown stream', (c) => c.send(CLOSE), refusals.notOpen],
    ['cancel of an unknown stream', (c) => c.send({ controlFlags: 4, payload: {} }), refusals.notOpen],
    ['no service name', (c) => c.send({ controlFlags: 10, procedureName: 'add', payload: { n: 1 } }), refusals.noService],
    ['empty service name', (c) => c.open('.add', { n: 1 }, { flags: 10 }), refusals.noService],
    ['no procedure name', (c) => c.send({ controlFlags: 10, serviceName: 'ordering', payload: { n: 1 } }), refusals.noProcedure],
    ['unknown service', (c) => c.open('nope.add', {}), refusals.unknownService('nope')],
    ['service of a built-in name', (c) => c.open('constructor.add', {}), refusals.unknownService('constructor')],
    ['service __proto__', (c) => c.open('__proto__.toString', {}), refusals.unknownService('__proto__')],
    ['unknown procedure', (c) => c.open('ordering.nope', {}), refusals.unknownProcedure('ordering', 'nope')],
    ['procedure of a built-in name', (c) => c.open('ordering.hasOwnProperty', {}), refusals.unknownProcedure('ordering', 'hasOwnProperty')],
    ['init of another shape', (c) => c.open('ordering.add', { n: 'x' }, { flags: 10 }), refusals.badInit],
    ['init null', (c) => c.open('ordering.add', null, { flags: 10 }), refusals.badInit],
  ];
  test.each(rows)('%s', (_name, act, message) => {
    const { join, handlers } = bench();
    const client = join();
    act(client);
    expect(client.take()).toEqual([invalid(message)]);
    expect(handlers).toEqual([]);
    client.open('ordering.getAll', {}, { streamId: 'after', flags: 10 });
    expect(client.take('after')).toEqual([[8, { ok: true, payload: { msgs: [] } }]]);
    expect(client.closed).toBeUndefined();
  });

  const live: readonly [string, string, number, (client: HandClient) => void, string][] = [
    ['request of another shape', 'test.echo', 2, (c) => c.send({ payload: { msg: 1 } }), refusals.badRequest],
    ['second open', 'test.echo', 2, (c) => c.open('test.echo', { msg: 'x' }), refusals.badRequest],
    ['request to a subscription', 'subscribable.value', 2, (c) => c.send({ payload: {} }), refusals.noRequests],
    ['request to an rpc', 'cancel.blockingRpc', 2, (c) => c.send({ payload: {} }), refusals.noRequests],
    ['CLOSE without its bit', 'cancel.blockingRpc', 2, (c) => c.send({ ...CLOSE, controlFlags: 0 }), refusals.noRequests],
    ['CLOSE after opening closed', 'subscribable.value', 10, (c) => c.send(CLOSE), refusals.afterClose],
    ['second open of a running rpc', 'cancel.blockingRpc', 10, (c) => c.open('cancel.blockingRpc', {}, { flags: 10 }), refusals.afterClose],
  ];
  test.each(live)('%s', (_name, procedure, flags, act, message) => {
    const { join, handlers } = bench();
    const client = join();
    client.open(procedure, {}, { flags });
    client.take();
    act(client);
    expect(client.take()).toEqual([invalid(message)]);
    expect(handlers.filter((event) => event.endsWith('started'))).toHaveLength(1);
    expect(handlers.slice(-2)).toEqual([`${procedure} cancelled`, `${procedure} finished`]);
    act(client);
    client.send(CLOSE);
    expect(client.take()).toEqual([]);
  });

  test('a request after CLOSE, a second CLOSE', () => {
    const client = bench().join();
    for (const [streamId, last] of [
      ['a', { payload: { msg: 'x' } }],
      ['b', CLOSE],
    ] as const) {
      client.open('control.holdOpenStream', {}, { streamId });
      client.send({ streamId, ...CLOSE });
      client.take(streamId);
      client.send({ streamId, ...last });
      expect(client.take(streamId)).toEqual([invalid(refusals.afterClose)]);
    }
  });

  test('extras name the first errors with their paths', () => {
    const client = bench().join();
    client.open('fallible.echo', {});
    client.send({ payload: { throwResult: 1, throwError: 'x' } });
    expect(client.take()).toMatchObject([
      [4, { payload: { extras: { totalErrors: 3, firstValidationErrors: [{ path: '/msg' }, {}, {}] } } }],
    ]);
  });
});

describe('addresses and stream ids', () => {
  test('a wrong `to` has no effect and still counts', () => {
    const client = bench().join();
    client.send({ to: 'OTHER', controlFlags: 10, serviceName: 'ordering', procedureName: 'add', payload: { n: 1 } });
    client.open('ordering.getAll', {}, { streamId: 'all', flags: 10 });
    expect(client.take()).toEqual([]);
    expect(client.received.at(-1)).toMatchObject({ streamId: 'all', ack: 2, payload: { payload: { msgs: [] } } });
  });

  test('two clients may choose the same streamId', () => {
    const { join } = bench();
    const [a, b] = [join('a', 'session-a'), join('b', 'session-b')];
    a.open('test.echo', {});
    b.open('test.echo', {});
    a.send({ payload: { msg: 'from a' } });
    b.send({ payload: { msg: 'from b' } });
    expect(a.take()).toEqual([[0, { ok: true, payload: { response: 'from a' } }]]);
    expect(b.take()).toEqual([[0, { ok: true, payload: { response: 'from b' } }]]);
  });

  test('the last 200 cancelled streams are remembered, older ones are not', () => {
    const client = bench().join();
    for (let i = 0; i <= 200; i += 1) client.send({ streamId: `bad${i}`, payload: {} });
    client.received.length = 0;
    client.send({ streamId: 'bad1', payload: {} });
    expect(client.received).toEqual([]);
    client.send({ streamId: 'bad0', payload: {} });
    expect(client.take('bad0')).toEqual([invalid(refusals.notOpen)]);
  });
});

describe('closing and cancelling', () => {
  test('CLOSE is recognised before a permissive schema', () => {
    const { join, handlers } = bench();
    const client = join();
    client.open('control.permissiveStream', {});
    client.send({ payload: { a: 1 } });
    client.send({ payload: { type: 'CLOSE' } });
    client.send(CLOSE);
    expect(client.take()).toEqual([
      [0, { ok: true, payload: { a: 1 } }],
      [0, { ok: true, payload: { type: 'CLOSE' } }],
      [8, { type: 'CLOSE' }],
    ]);
    expect(handlers.filter((event) => event.endsWith(' request'))).toHaveLength(2);
  });

  test('a request may carry the closed bit', () => {
    const client = bench().join();
    client.open('uploadable.addMultiple', {});
    client.send({ payload: { n: 2 } });
    client.send({ payload: { n: 3 }, controlFlags: 8 });
    expect(client.take()).toEqual([[8, { ok: true, payload: { result: 5 } }]]);
    client.send(CLOSE);
    expect(client.take()).toEqual([invalid(refusals.notOpen)]);
  });

  test.each(['Rpc', 'Stream', 'Upload', 'Subscription'])('the client cancels a %s: nothing more is sent', (kind) => {
    const { join, handlers } = bench();
    const client = join();
    client.open(`cancel.blocking${kind}`, {}, { flags: kind === 'Rpc' ? 10 : 2 });
    client.send({ controlFlags: 4, payload: { nope: 1 } });
    client.send({ controlFlags: 4, payload: { nope: 1 } });
    client.send({ payload: {} });
    expect(client.take()).toEqual([]);
    expect(handlers).toEqual(['started', 'cancelled', 'finished'].map((event) => `cancel.blocking${kind} ${event}`));
  });

  test.each(['Rpc', 'Stream', 'Upload', 'Subscription'])('a %s handler raises or cancels: one cancel, then silence', (kind) => {
    const client = bench().join();
    const flags = kind === 'Rpc' ? 10 : 2;
    client.open(`control.throwing${kind}`, {}, { flags });
    client.open(`control.cancel${kind}`, {}, { streamId: 'c', flags });
    client.send({ payload: {} });
    client.send({ streamId: 'c', ...CLOSE });
    expect(client.take()).toEqual([[4, { ok: false, payload: { code: 'UNCAUGHT_ERROR', message: 'some message' } }]]);
    expect(client.take('c')).toEqual([[4, { ok: false, payload: { code: 'CANCEL', message: 'cancelled by server procedure handler' } }]]);
  });

  test('the server closes first: later requests and the CLOSE are taken in silence', () => {
    const client = bench().join();
    client.open('control.closeFirst', {});
    client.send({ payload: { msg: 'x' } });
    client.send(CLOSE);
    client.open('control.answerEarly', {}, { streamId: 'up' });
    client.send({ streamId: 'up', payload: { n: 1 } });
    client.send({ streamId: 'up', ...CLOSE });
    expect(client.take()).toEqual([[8, { type: 'CLOSE' }]]);
    expect(client.take('up')).toEqual([[8, { ok: true, payload: { result: 0 } }]]);
  });

  test('an upload cancels half way', () => {
    const client = bench().join();
    client.open('uploadable.cancellableAdd', {});
    client.send({ payload: { n: 9 } });
    expect(client.take()).toEqual([]);
    client.send({ payload: { n: 1 }, controlFlags: 8 });
    expect(client.take()).toMatchObject([[4, { ok: false, payload: { code: 'CANCEL' } }]]);
  });

  test('rpc opened with 2, stream with 10, subscription with 2 or 10 are all served', () => {
    const client = bench().join();
    client.open('test.add', { n: 4 });
    client.send(CLOSE);
    client.open('test.echo', {}, { streamId: 'st', flags: 10 });
    client.open('control.countdownSubscription', { total: 1 }, { streamId: 'a', flags: 2 });
    client.open('control.countdownSubscription', { total: 1 }, { streamId: 'b', flags: 10 });
    expect(client.take()).toEqual([[8, { ok: true, payload: { result: 4 } }]]);
    expect(client.take('st')).toEqual([[8, { type: 'CLOSE' }]]);
    const items = [
      [0, { ok: true, payload: { i: 1 } }],
      [8, { type: 'CLOSE' }],
    ];
    expect([client.take('a'), client.take('b')]).toEqual([items, items]);
    client.send({ streamId: 'a', ...CLOSE });
    expect(client.take('a')).toEqual([]);
  });
});

test('more calls at once than a server takes are refused, and one that ends makes room for another', () => {
  const { join } = bench();
  const client = join();
  for (let i = 0; i < MOST_CALLS; i += 1) client.open('cancel.blockingRpc', {}, { streamId: `s${i}`, flags: 10 });
  client.take();
  client.open('cancel.blockingRpc', {}, { streamId: 'too many', flags: 10 });
  expect(client.take('too many')).toEqual([
    [4, { ok: false, payload: expect.objectContaining({ code: 'UNCAUGHT_ERROR', message: 'more calls are open than this server takes' }) }],
  ]);
  client.send({ streamId: 's0', controlFlags: 4, payload: {} });
  client.open('ordering.getAll', {}, { streamId: 'after', flags: 10 });
  expect(client.take('after')).toEqual([[8, { ok: true, payload: { msgs: [] } }]]);
});
