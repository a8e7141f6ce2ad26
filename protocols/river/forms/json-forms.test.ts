import { describe, expect, it } from 'vitest';
import { oddFormsOfJson } from './json-forms.ts';

const found = (text: string | Uint8Array): readonly string[] =>
  oddFormsOfJson(typeof text === 'string' ? new TextEncoder().encode(text) : text).map(
    ({ what, at, shown }) => `${what} at ${at}: ${shown}`,
  );

describe('what a tolerant reader of JSON converts is found', () => {
  it.each([
    ['a key twice', '{"a":1,"b":{"a":1,"\\u0061":2}}', ['repeated-key at /b/a: "a"']],
    ['a key twice in a list of maps', '{"l":[{"a":1},{"a":1,"a":2}]}', ['repeated-key at /l/1/a: "a"']],
    ['bytes without padding', '{"a":{"$t":"AAE"}}', ['bytes at /a/$t: "AAE"']],
    ['bytes with line breaks', '{"a":{"$t":"AAE=\\n"}}', ['bytes at /a/$t: "AAE=\\n"']],
    ['bytes with bits too many', '{"a":{"$t":"AB=="}}', ['bytes at /a/$t: "AB=="']],
    ['bytes beside another key', '{"a":{"$t":"AAE=","length":2}}', ['tag at /a: "$t"']],
    ['a big integer that is a number', '{"a":[{"$b":5}]}', ['big-integer at /a/0/$b: 5']],
    ['a big integer with a plus', '{"a":{"$b":"+5"}}', ['big-integer at /a/$b: "+5"']],
    ['a big integer of other digits', '{"a":{"$b":"0x10"}}', ['big-integer at /a/$b: "0x10"']],
    ['a big integer with zeros in front', '{"a":{"$b":"007"}}', ['big-integer at /a/$b: "007"']],
    ['an empty big integer', '{"a":{"$b":""}}', ['big-integer at /a/$b: ""']],
    ['a big integer in a big integer', '{"a":{"$b":{"$b":"5"}}}', ['big-integer at /a/$b: no text']],
    ['a number beyond 53 bits', '{"a":9007199254740993}', ['integer at /a: 9007199254740993']],
    ['a number beyond all floats', '{"a":1e400}', ['integer at /a: 1e400']],
    ['a number of the envelope as a float', '{"seq":1.0,"ack":1e0}', ['float at /seq: 1.0', 'float at /ack: 1e0']],
    ['a byte order mark', '\ufeff{"a":1}', ['byte-order-mark at : a byte order mark']],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0x61, 0xff, 0x22, 0x3a, 0x31, 0x7d), ['text at : bytes that are not UTF-8']],
  ])('%s', (_name, text, forms) => {
    expect(found(text)).toEqual(forms);
  });
});

describe('what is as it should be is not', () => {
  it.each([
    ['white space', ' {\r\n\t"a" : [ 1 , { } , [ ] ] }\n'],
    ['the same key in two maps', '{"a":{"a":1},"b":{"a":1}}'],
    ['texts that hold quotes, backslashes and braces', JSON.stringify({ a: '"}', '"b\\': '{"a":1,"a":2}', c: '\\' })],
    ['bytes and big integers', '{"a":{"$t":""},"b":{"$t":"AAH/"},"c":{"$b":"-12"},"d":{"$b":"0"}}'],
    ['a tag spelt as a value', '{"a":"$t","b":["$b"]}'],
    ['a large number as JavaScript writes it', '{"a":18446744073709552000,"b":9007199254740994,"c":1e300}'],
    ['floats of the application', '{"a":1.0,"b":{"seq":2.0},"payload":{"seq":1e0}}'],
    ['many levels', `${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`],
  ])('%s', (_name, text) => {
    expect(found(text)).toEqual([]);
  });
});
