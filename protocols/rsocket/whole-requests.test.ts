import { expect, test } from 'vitest';
import type { CallFacts } from '../common/normalise.ts';
import { bindCalls } from './bind.ts';
import { FLAG } from './frame.ts';
import { requestFrame, requestNFrame } from './frames.ts';
import { requestMetadata } from './metadata.ts';
import { split } from './peer/fragments.ts';
import { Talk } from './testing/talk.ts';
import { bytes } from './testing/worked-bytes.ts';
import { textOf } from './value.ts';
import { wholeRequests } from './whole-requests.ts';

const call = (name: string, procedure: string, value: string): CallFacts => ({
  call: name,
  role: 'client',
  instance: 'main',
  kind: 'request-response',
  procedure,
  value,
});

test('a request in fragments is the call whose route and value it has, though its first frame has neither', () => {
  const talk = new Talk();
  talk.begin();
  const calls = [call('a', 'echo', 'one'), call('b', 'echo', 'two'), call('c', 'count', '3')];
  for (const { call: name, procedure = '' } of calls) talk.invoked(name, procedure);
  const request = (id: number, route: string, data: string) =>
    requestFrame('REQUEST_RESPONSE', id, { data: bytes(data), metadata: requestMetadata(route, undefined) }, 0, false);
  talk.client(...split(request(1, 'count', '3'), 12), ...split(request(3, 'echo', 'two'), 12));
  expect([...bindCalls(talk.events, calls)]).toEqual([
    ['c', '0:1'],
    ['b', '0:3'],
  ]);
});

test('credit that is given between the fragments of a request ends none of them, and C on the last does although F stands beside it', () => {
  const talk = new Talk();
  talk.begin();
  const channel = requestFrame('REQUEST_CHANNEL', 1, { data: bytes('one two three'), metadata: undefined }, 1, true);
  const [first, ...rest] = split(channel, 14);
  const last = rest.pop();
  if (first === undefined || last === undefined) throw new Error('the request has no fragments');
  talk.client(first, requestNFrame(1, 5), ...rest, { ...last, flags: last.flags | FLAG.FOLLOWS });
  talk.client(...split(requestFrame('REQUEST_RESPONSE', 1, { data: bytes('another'), metadata: undefined }, 0, false)));
  expect([...wholeRequests(talk.events).values()].map(({ data }) => textOf(data))).toEqual(['one two three']);
});
