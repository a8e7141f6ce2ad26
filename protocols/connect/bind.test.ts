import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../common/normalise.ts';
import type { TraceEvent } from '../common/trace.ts';
import { bindCalls } from './bind.ts';
import type { ConnectMessage } from './message.ts';
import { type Says, traceOf } from './testing/talk.ts';

const PROCEDURE = 'weir.v1.Test/Echo';
const call = (name: string, instance: string): CallFacts => ({
  call: name,
  role: 'client',
  instance,
  kind: 'unary',
  procedure: PROCEDURE,
  value: {},
});
const happened = (instance: string, event: object) => ({ type: 'application', role: 'client', instance, event }) as const;
const invoked = (name: string, instance: string) => happened(instance, { kind: 'invoke', call: name, procedure: PROCEDURE, value: {} });
const ended = (name: string, instance: string) => happened(instance, { kind: 'end', call: name });

const request: Says = ['client', `POST /${PROCEDURE} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`];
const answer: Says = ['server', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'];

/** What applications did, then what was written, numbered as one trace. */
const trace = (told: readonly object[], ...says: readonly Says[]) =>
  [...told, ...traceOf(...says)].map((event, n) => ({ t: 0, ...event, n })) as unknown as TraceEvent<ConnectMessage>[];

describe('two calls that are the same', () => {
  const calls = [call('a', 'main'), call('b', 'other')];

  it('are bound in the order of their invocation', () => {
    const both = trace([invoked('a', 'main'), invoked('b', 'other')], request, answer);
    expect([...bindCalls(both, calls)]).toEqual([['a', '0:0']]);
  });

  it('one that was over before there was a request is the last to be given it, answered or not', () => {
    const told = [invoked('a', 'main'), happened('main', { kind: 'disconnect' }), ended('a', 'main'), invoked('b', 'other')];
    for (const says of [[request], [request, answer]]) expect([...bindCalls(trace(told, ...says), calls)]).toEqual([['b', '0:0']]);
  });

  it('one that was cancelled before the answer was whole is not the one that was answered', () => {
    const told = [invoked('a', 'main'), invoked('b', 'other'), happened('main', { kind: 'cancel', call: 'a' })];
    expect([...bindCalls(trace(told, request, answer), calls)]).toEqual([['b', '0:0']]);
  });
});

describe('clients that share a connection, as those of one program with one pool', () => {
  const calls = [call('a', 'main'), call('b', 'other'), call('c', 'main')];

  it('have each the requests that they made', () => {
    const first = [invoked('a', 'main'), ...traceOf(request, answer)];
    const second = traceOf(request, answer, request, answer).slice(-4);
    const told = [...first, ended('a', 'main'), invoked('b', 'other'), ...second] as unknown as TraceEvent<ConnectMessage>[];
    expect([
      ...bindCalls(
        told.map((event, n) => ({ ...event, t: 0, n })),
        calls.slice(0, 2),
      ),
    ]).toEqual([
      ['a', '0:0'],
      ['b', '0:1'],
    ]);
  });

  it('are each the likelier on a connection that was theirs so far', () => {
    const told = [
      invoked('a', 'main'),
      ...traceOf(request, answer),
      ended('a', 'main'),
      invoked('b', 'other'),
      invoked('c', 'main'),
      ...traceOf(request, answer, request, answer).slice(-4),
    ] as unknown as TraceEvent<ConnectMessage>[];
    expect([
      ...bindCalls(
        told.map((event, n) => ({ ...event, t: 0, n })),
        calls,
      ),
    ]).toEqual([
      ['a', '0:0'],
      ['c', '0:1'],
    ]);
  });
});

it('a request that was on the wire before the call was made is not that call', () => {
  const events = [...traceOf(request, answer), { ...invoked('a', 'main'), t: 0, n: 9 }] as TraceEvent<ConnectMessage>[];
  expect([...bindCalls(events, [call('a', 'main')])]).toEqual([]);
});
