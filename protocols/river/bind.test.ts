import { expect, it } from 'vitest';
import { bind, bindCalls } from './bind.ts';
import { survey } from './survey.ts';
import { call, TraceBuilder } from './testing/trace-builder.ts';

const add = (n: number) => ({ n });
const invoke = (name: string, n: number) => ({ kind: 'invoke', call: name, procedure: 't.add', value: { n } }) as const;

it('finds calls by procedure and Init; those not on the wire are missing', () => {
  const trace = new TraceBuilder().open('t.add', add(2), 10, { streamId: 'x' }).open('t.echo', {}, 2, { streamId: 'y' });
  const calls = [call('a', 't.add', add(1)), call('b', 't.add', add(2)), call('c', 't.echo'), call('d', 't.echo')];
  expect(bindCalls(trace.events, [...calls.slice(1)])).toEqual(
    new Map([
      ['b', 'x'],
      ['c', 'y'],
    ]),
  );
});

it('takes an altered Init only where no call has that very Init', () => {
  const trace = new TraceBuilder().open('t.add', add(2), 10, { streamId: 'x' }).open('t.add', { n: '1' }, 10, { streamId: 'y' });
  const calls = [call('a', 't.add', add(1)), call('b', 't.add', add(2))];
  expect(Object.fromEntries(bindCalls(trace.events, calls))).toEqual({ a: 'y', b: 'x' });
});

it('binds a hundred identical calls in order, each retransmitted', () => {
  const trace = new TraceBuilder();
  for (let i = 0; i < 100; i += 1) trace.open('t.add', add(1), 10, { streamId: `k${i}` });
  for (let i = 0; i < 100; i += 1) trace.open('t.add', add(1), 10, { streamId: `k${i}`, seq: i, id: `client${i}` });
  const calls = Array.from({ length: 150 }, (_, i) => call(`call${i}`, 't.add', add(1)));
  const bound = [...bindCalls(trace.events, calls)];
  expect(bound).toEqual(Array.from({ length: 100 }, (_, i) => [`call${i}`, `k${i}`]));
});

it('binds two calls that share a stream by mistake', () => {
  const trace = new TraceBuilder().open('t.add', add(1), 10).open('t.add', add(1), 10);
  expect(bindCalls(trace.events, [call('a', 't.add', add(1)), call('b', 't.add', add(1))]).size).toBe(2);
});

it('does not give a stream to a call that was not invoked yet, or that had ended', () => {
  const trace = new TraceBuilder()
    .application('main', invoke('dead', 1))
    .application('main', { kind: 'end', call: 'dead' })
    .open('t.add', add(9), 10, { streamId: 'by-hand' })
    .application('main', invoke('live', 1))
    .open('t.add', add(1), 10, { streamId: 'x' })
    .application('main', invoke('late', 1));
  const calls = [call('live', 't.add', add(1)), call('late', 't.add', add(1))];
  expect(Object.fromEntries(bindCalls(trace.events, calls))).toEqual({ live: 'x' });
  expect(Object.fromEntries(bindCalls(trace.events.slice(4), [call('dead', 't.add', add(1)), ...calls]))).toEqual({ dead: 'x' });
  const noHand = trace.events.filter((event) => event.n !== 2 && event.n !== 3);
  expect(Object.fromEntries(bindCalls(noHand, [call('dead', 't.add', add(1)), ...calls]))).toEqual({ live: 'x' });
});

it('gives the stream that is cancelled to the call that was cancelled before it was written', () => {
  const trace = new TraceBuilder()
    .application('main', invoke('given-up', 1))
    .application('main', invoke('kept', 1))
    .application('main', { kind: 'cancel', call: 'given-up' })
    .application('main', { kind: 'end', call: 'given-up' })
    .open('t.add', add(1), 2, { streamId: 'x' })
    .open('t.add', add(1), 2, { streamId: 'y' });
  trace.say('client', { streamId: 'x', controlFlags: 4, payload: { ok: false, payload: { code: 'CANCEL', message: '' } } });
  const calls = [call('given-up', 't.add', add(1)), call('kept', 't.add', add(1))];
  const bound = (events: typeof trace.events) =>
    Object.fromEntries(bind(survey(events), calls, new Map()).map((each) => [each.call.call, each.streamId]));
  expect(bound(trace.events)).toEqual({ 'given-up': 'x', kept: 'y' });
  // Before the cancel is written it is known which stream will have it.
  expect(Object.fromEntries(bindCalls(trace.events.slice(0, 6), calls))).toEqual({ 'given-up': 'x' });
  expect(Object.fromEntries(bindCalls(trace.events.slice(0, 8), calls))).toEqual({ 'given-up': 'x', kept: 'y' });
  // One that drops it unsent writes one stream, and cancels nothing.
  expect(bound(trace.events.slice(0, 6))).toEqual({ kept: 'x' });
});

it('keeps clients apart by their ids, known or learned', () => {
  const trace = new TraceBuilder();
  trace.open('t.add', add(1), 10, { from: 'bob', streamId: 'b1' }).open('t.echo', {}, 2, { from: 'ann', streamId: 'a1' });
  trace.open('t.add', add(1), 10, { from: 'ann', streamId: 'a2' }).open('t.echo', {}, 2, { from: 'bob', streamId: 'b2' });
  const calls = [
    call('a-add', 't.add', add(1), 'ann'),
    call('b-add', 't.add', add(1), 'bob'),
    call('a-echo', 't.echo', {}, 'ann'),
    call('b-echo', 't.echo', {}, 'bob'),
  ];
  const ids = new Map([
    ['ann', 'ann'],
    ['bob', 'bob'],
  ]);
  const expected = { 'a-add': 'a2', 'b-add': 'b1', 'a-echo': 'a1', 'b-echo': 'b2' };
  const streams = (known: ReadonlyMap<string, string>) =>
    Object.fromEntries(bind(survey(trace.events), calls, known).map((b) => [b.call.call, b.streamId]));
  expect(streams(ids)).toEqual(expected);
  const own = calls.map((facts) => ({ ...facts, id: facts.instance }));
  expect(Object.fromEntries(bindCalls(trace.events, own))).toEqual(expected);
  // Without ids the first fit is a guess, but no client's calls are spread over two ids.
  expect(streams(new Map())).toEqual({ 'a-add': 'b1', 'a-echo': 'b2', 'b-add': 'a2', 'b-echo': 'a1' });
});

it('binds the calls of a lone client that misnames itself, but not to another client', () => {
  const ids = new Map([
    ['main', 'c'],
    ['other', 'o'],
  ]);
  const streams = (from: string) => bind(survey(new TraceBuilder().open('t.p', {}, 2, { from }).events), [call('a', 't.p')], ids).length;
  expect([streams('c'), streams('misspelt'), streams('o')]).toEqual([1, 1, 0]);
});

it('takes a stream id that a later session uses again for another stream', () => {
  const trace = new TraceBuilder().request('s-a').open('t.add', add(1), 10, { streamId: '0', seq: 0, id: 'm0' });
  trace.request('s-b', 1).say(
    'client',
    {
      ...{ serviceName: 't', procedureName: 'add', payload: add(1), controlFlags: 10, streamId: '0', seq: 0, id: 'm1' },
    },
    { connection: 1 },
  );
  const bindings = bind(survey(trace.events), [call('a', 't.add', add(1)), call('b', 't.add', add(1))], new Map());
  expect(bindings.map(({ call: { call }, session }) => [call, session])).toEqual([
    ['a', 's-a'],
    ['b', 's-b'],
  ]);
});
