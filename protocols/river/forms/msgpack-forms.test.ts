import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMsgpack } from '../codec-msgpack.ts';
import { oddFormsOfMsgpack } from './msgpack-forms.ts';

const found = (hex: string): readonly string[] =>
  oddFormsOfMsgpack(new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).map(({ what, at, shown }) => `${what} at ${at}: ${shown}`);

describe('what a tolerant reader of MessagePack converts is found', () => {
  it.each([
    ['a key that is an integer', '81 a1 61 82 01 a1 78 a1 32 a1 79', ['key at /a/the integer 1: the integer 1']],
    ['a key that is a float', '81 cb 3ff8000000000000 c0', ['key at /the float 1.5: the float 1.5']],
    ['a key twice', '81 a1 61 92 01 82 a1 62 01 a1 62 02', ['repeated-key at /a/1/b: "b"']],
    ['an unsigned integer beyond 53 bits', '81 a1 61 cf 0020000000000001', ['integer at /a: the integer 9007199254740993']],
    ['a signed integer beyond 53 bits', '81 a1 61 d3 ffdfffffffffffff', ['integer at /a: the integer -9007199254740993']],
    ['a number of the envelope as a float', '81 a3 736571 cb 3ff0000000000000', ['float at /seq: the float 1']],
    ['text that is not UTF-8', '81 a1 61 a2 ff 78', ['text at /a: "\ufffdx"']],
    ['a small big integer as text', '81 a1 61 d5 00 a1 35', ['big-integer at /a: extension 0 with a135']],
    ['a big integer as a float', '81 a1 61 c7 09 00 cb 4014000000000000', ['big-integer at /a: extension 0 with cb4014000000000000']],
    [
      'a big integer as a wide integer',
      '81 a1 61 c7 09 00 cf 0020000000000001',
      ['big-integer at /a: extension 0 with cf0020000000000001'],
    ],
    [
      'a big integer with a plus',
      `81 a1 61 c7 12 00 b1 2b ${'39'.repeat(16)}`,
      [`big-integer at /a: extension 0 with b12b${'39'.repeat(16)}`],
    ],
  ])('%s', (_name, hex, forms) => {
    expect(found(hex)).toEqual(forms);
  });
});

describe('what is as it should be is not', () => {
  it.each([
    ['every width of integer', '81 a1 61 98 01 ff cc 01 cd 0001 ce 00000001 cf 0000000000000001 d0 ff d3 ffffffffffffffff'],
    ['long headers', 'df 00000001 db 00000001 61 dd 00000002 c6 00000001 00 c9 00000001 00 05'],
    ['half a surrogate pair', '81 a1 61 a4 ed a0 b4 78'],
    ['another extension', '81 a1 61 d6 ff 00000000'],
    ['floats of the application', '81 a7 7061796c6f6164 81 a3 736571 cb 3ff0000000000000'],
    ['the same key in two maps', '82 a1 61 81 a1 61 01 a1 62 81 a1 61 01'],
    ['many levels', `${'81 a1 61 91'.repeat(20_000)} c0`],
  ])('%s', (_name, hex) => {
    expect(found(hex)).toEqual([]);
  });

  it('whatever the official form is', () => {
    const key = fc.string().filter((name) => name !== '__proto__');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.maxSafeInteger(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt(), fc.uint8Array()),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(fc.property(value, (payload) => oddFormsOfMsgpack(encodeMsgpack({ payload })).length === 0));
  });
});
