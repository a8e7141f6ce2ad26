import { expect, test } from 'vitest';
import type { CallFacts } from '../common/normalise.ts';
import { bindCalls } from './bind.ts';
import { requestFrame } from './frames.ts';
import { requestMetadata } from './metadata.ts';
import { split } from './peer/fragments.ts';
import { Talk } from './testing/talk.ts';
import { bytes } from './testing/worked-bytes.ts';

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
