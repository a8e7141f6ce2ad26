import { expect, test } from 'vitest';
import type { CallFacts } from '../common/normalise.ts';
import { bindCalls } from './bind.ts';
import { requestFrame } from './frames.ts';
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
