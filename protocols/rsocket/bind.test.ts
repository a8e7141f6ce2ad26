import { expect, test } from 'vitest';
import type { CallFacts } from '../common/normalise.ts';
import { bindCalls } from './bind.ts';
import { cancelFrame, requestFrame } from './frames.ts';
import { requestMetadata } from './metadata.ts';
import { Talk } from './testing/talk.ts';
import { bytes } from './testing/worked-bytes.ts';

test('a request that a script wrote before an application asked for the same is nobody’s', () => {
  const talk = new Talk();
  const counted: CallFacts = {
    call: 'counted',
    role: 'client',
    instance: 'other',
    kind: 'request-response',
    procedure: 'count',
    value: '0',
  };
  const request = (data: string) =>
    requestFrame('REQUEST_RESPONSE', 1, { data: bytes(data), metadata: requestMetadata('count', undefined) }, 0, false);
  talk.begin();
  talk.say('client', request('1'));
  talk.begin({ connection: 1 });
  talk.invoked('counted', 'count', 'other');
  talk.say('client', request('0'), { connection: 1 });
  expect([...bindCalls(talk.events, [counted])]).toEqual([['counted', '1:1']]);
});

test('of two calls for the same the one that was given up before anything was asked has no request', () => {
  const talk = new Talk();
  const facts = { role: 'client', instance: 'main', kind: 'request-response', procedure: 'count', value: '0' } as const;
  talk.begin();
  talk.invoked('given-up', 'count');
  talk.told('client', { kind: 'cancel', call: 'given-up' });
  talk.invoked('stays', 'count');
  const request = (streamId: number) =>
    requestFrame('REQUEST_RESPONSE', streamId, { data: bytes('0'), metadata: requestMetadata('count', undefined) }, 0, false);
  talk.say('client', request(1));
  const calls = ['given-up', 'stays'].map((call) => ({ ...facts, call }));
  expect([...bindCalls(talk.events, calls)]).toEqual([['stays', '0:1']]);
  talk.say('client', request(3));
  expect([...bindCalls(talk.events, calls)]).toEqual([
    ['stays', '0:1'],
    ['given-up', '0:3'],
  ]);
});

test('of two calls for the same the one that was given up has the request that was given up, also where both are sent late', () => {
  const talk = new Talk();
  const facts = { role: 'client', instance: 'main', kind: 'request-response', procedure: 'count', value: '0' } as const;
  talk.begin();
  talk.invoked('given-up', 'count');
  talk.told('client', { kind: 'cancel', call: 'given-up' });
  talk.told('client', { kind: 'end', call: 'given-up' });
  talk.invoked('stays', 'count');
  const request = (streamId: number) =>
    requestFrame('REQUEST_RESPONSE', streamId, { data: bytes('0'), metadata: requestMetadata('count', undefined) }, 0, false);
  talk.say('client', request(1));
  talk.say('client', cancelFrame(1));
  talk.say('client', request(3));
  const calls = ['given-up', 'stays'].map((call) => ({ ...facts, call }));
  expect([...bindCalls(talk.events, calls)]).toEqual([
    ['given-up', '0:1'],
    ['stays', '0:3'],
  ]);
});

test('a client that dials again is the same one, and a client whose connection is still up dials no other', () => {
  const calls = (['lost', 'again', 'elsewhere'] as const).map((call) => ({
    call,
    role: 'client' as const,
    instance: call === 'elsewhere' ? 'other' : 'main',
    kind: 'request-response',
    procedure: 'count',
    value: '0',
  }));
  const request = requestFrame('REQUEST_RESPONSE', 1, { data: bytes('0'), metadata: requestMetadata('count', undefined) }, 0, false);
  const dialledTwice = (isFirstOver: boolean): readonly [string, string][] => {
    const talk = new Talk();
    talk.begin();
    talk.invoked('lost', 'count');
    talk.say('client', request);
    if (isFirstOver) talk.closed('proxy');
    for (const call of ['again', 'elsewhere'] as const) talk.invoked(call, 'count', call === 'elsewhere' ? 'other' : 'main');
    talk.begin({ connection: 1 });
    talk.say('client', request, { connection: 1 });
    return [...bindCalls(talk.events, calls)];
  };
  expect(dialledTwice(true)).toEqual([
    ['lost', '0:1'],
    ['again', '1:1'],
  ]);
  expect(dialledTwice(false)).toEqual([
    ['lost', '0:1'],
    ['elsewhere', '1:1'],
  ]);
});

test('of two clients that ask for the same at once each has its own connection, as what follows on it tells', () => {
  const talk = new Talk();
  const request = (streamId: number, route: string) =>
    requestFrame('REQUEST_RESPONSE', streamId, { data: bytes('0'), metadata: requestMetadata(route, undefined) }, 0, false);
  const calls = (
    [
      ['theirs', 'other', 'count'],
      ['ours', 'main', 'count'],
      ['later', 'main', 'echo'],
      ['last', 'other', 'echo'],
    ] as const
  ).map(([call, instance, procedure]) => ({ call, role: 'client' as const, instance, kind: 'request-response', procedure, value: '0' }));
  talk.begin();
  talk.begin({ connection: 1 });
  talk.invoked('theirs', 'count', 'other');
  talk.invoked('ours', 'count');
  talk.say('client', request(1, 'count'));
  talk.say('client', request(1, 'count'), { connection: 1 });
  talk.invoked('later', 'echo');
  talk.say('client', request(3, 'echo'));
  talk.invoked('last', 'echo', 'other');
  talk.say('client', request(3, 'echo'), { connection: 1 });
  expect(Object.fromEntries(bindCalls(talk.events, calls))).toEqual({ theirs: '1:1', ours: '0:1', later: '0:3', last: '1:3' });
});
