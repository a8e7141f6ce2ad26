import { encode } from '@msgpack/msgpack';
import { expect, it } from 'vitest';
import { codecForms } from './codec-forms.ts';
import { brokenBy } from './testing.ts';

const broken = (data: Uint8Array): readonly string[] => brokenBy(codecForms, (ann) => [ann.connect(), ann.say('server', {}, { data })]);
const json = (text: string): Uint8Array => new TextEncoder().encode(text);

it('bytes without padding', () => {
  expect(broken(json('{"payload":{"$t":"AAE"}}'))).toEqual(['RIVER-CODEC-03 server']);
  expect(broken(json('{"a":{"$t":"AAE="},"b":{"$t" : "AA"}}'))).toEqual(['RIVER-CODEC-03 server']);
  expect(broken(json('\r\n {"a":{"$t":"AA"}}'))).toEqual(['RIVER-CODEC-03 server']);
});

it('says nothing of a frame whose secrets are masked', () => {
  const masked = brokenBy(codecForms, (ann, stage) => {
    ann.say('server', {}, { data: json('{"a":1,"a":2}') });
    stage.events.forEach((event, i) => {
      if (event.type === 'sent') stage.events[i] = { ...event, masked: true };
    });
  });
  expect(masked).toEqual([]);
});

it('texts that only look like bytes', () => {
  expect(broken(json(JSON.stringify({ a: '"$t":"AAE"', '"$t': 'AAE', b: { $t: '' } })))).toEqual([]);
});

it('white space before JSON whose text looks like an extension of MessagePack', () => {
  expect(broken(json(' {"a":"\u{1d4b3}\uffff"}'))).toEqual([]);
});

it('small big integers as text', () => {
  const extension = (value: unknown): Uint8Array => {
    const body = encode(value);
    return new Uint8Array([0x81, 0xa1, 0x61, 0xc7, body.length, 0, ...body]);
  };
  expect(broken(extension('5'))).toEqual(['RIVER-CODEC-04 server']);
  expect(broken(extension(5))).toEqual([]);
  expect(broken(extension('1180591620717411303424'))).toEqual([]);
  expect(broken(extension(String(2 ** 53)))).toEqual([]);
});

it.each([
  ['a key twice', json('{"a":1,"a":2}'), 'RIVER-CODEC-03'],
  ['a key that is an integer', new Uint8Array([0x81, 0xa1, 0x61, 0x81, 0x01, 0x02]), 'RIVER-CODEC-04'],
  ['an integer beyond 53 bits', json('{"a":9007199254740993}'), 'RIVER-CODEC-05'],
  ['a float in the envelope', json('{"seq":0.0}'), 'RIVER-MSG-01'],
  ['a float in a handshake', json('{"payload":{"expectedSessionState":{"nextSentSeq":0.0}}}'), 'RIVER-HS-03'],
])('%s', (_name, data, requirement) => {
  expect(broken(data)).toEqual([`${requirement} server`]);
});
