import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../common/frame.ts';
import { readFrame, seqOfBroken } from './decode.ts';
import { encodePlain, requestBytes, responseBytes } from './encode.ts';
import { fieldsOf } from './fields.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

// The worked examples of the implementer's notes.
describe('bytes of Swill', () => {
  it.each([
    ['93 01 92 14 16 a3 73 75 6d', { seq: 1, data: [20, 22], rpc: 'sum' }],
    ['95 02 92 01 02 a3 73 75 6d 00 81 a5 74 72 61 63 65 a2 74 31', { seq: 2, data: [1, 2], rpc: 'sum', metadata: { trace: 't1' } }],
    ['93 03 02 a5 6c 69 6e 65 73', { seq: 3, data: 2, rpc: 'lines' }],
    ['95 04 c0 a4 65 63 68 6f 02 81 a4 75 73 65 72 a2 75 31', { seq: 4, rpc: 'echo', type: 'METADATA', metadata: { user: 'u1' } }],
    ['94 04 c0 a4 65 63 68 6f 01', { seq: 4, rpc: 'echo', type: 'END_OF_STREAM' }],
    ['94 05 c0 a5 74 69 63 6b 73 03', { seq: 5, rpc: 'ticks', type: 'CLOSE' }],
  ] as const)('of a client are %s', (worked, spec) => {
    expect(hex(requestBytes(spec))).toBe(worked.replaceAll(' ', ''));
    const read = readFrame(messageOf(bytes(worked)), 'client');
    expect(read.ok && read.message).toMatchObject({ type: 'MESSAGE', data: null, metadata: null, ...spec });
  });

  it.each([
    ['95 01 2a 00 c0 c0', { seq: 1, data: 42 }],
    ['95 03 a2 6c 30 00 c0 c0', { seq: 3, data: 'l0' }],
    ['95 03 c0 01 c0 c0', { seq: 3, type: 'END_OF_STREAM' }],
    ['95 03 c0 01 c0 81 a1 6e 02', { seq: 3, type: 'END_OF_STREAM', trailing: { n: 2 } }],
    ['95 06 c0 02 81 a4 6c 65 61 64 01 c0', { seq: 6, type: 'METADATA', leading: { lead: 1 } }],
    ['95 07 01 00 81 a4 6c 65 61 64 01 81 a5 74 72 61 69 6c 02', { seq: 7, data: 1, leading: { lead: 1 }, trailing: { trail: 2 } }],
    [
      '95 08 82 a4 63 6f 64 65 cd 01 94 a7 6d 65 73 73 61 67 65 ab 6e 6f 20 73 75 63 68 20 72 70 63 03 c0 c0',
      { seq: 8, type: 'ERROR', data: { code: 404, message: 'no such rpc' } },
    ],
  ] as const)('of a server are %s', (worked, spec) => {
    expect(hex(responseBytes(spec))).toBe(worked.replaceAll(' ', ''));
    const read = readFrame(messageOf(bytes(worked)), 'server');
    expect(read.ok && read.message).toMatchObject({ type: 'MESSAGE', data: null, leading: null, trailing: null, ...spec });
  });

  it('come back as what they were made of', () => {
    const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    const metadata = fc.option(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        json,
        { noNullPrototype: true },
      ),
    );
    const seq = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }));
    fc.assert(
      fc.property(
        seq,
        json,
        fc.string(),
        metadata,
        fc.constantFrom('MESSAGE', 'END_OF_STREAM', 'METADATA', 'CLOSE'),
        (n, data, rpc, given, type) => {
          const read = readFrame(messageOf(requestBytes({ seq: n, data, rpc, type, metadata: given })), 'client');
          expect(read).toMatchObject({ ok: true, message: { seq: n, rpc, type } });
          if (read.ok && read.message.from === 'client') {
            expect(JSON.stringify(read.message.data)).toBe(JSON.stringify(data));
            expect(JSON.stringify(read.message.metadata)).toBe(JSON.stringify(given));
            expect(hex(encodePlain(read.message))).toBe(hex(requestBytes({ seq: n, data, rpc, type, metadata: given })));
          }
        },
      ),
    );
  });

  it('that are anything are read or refused, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.boolean(),
        fc.constantFrom('client' as const, 'server' as const),
        (data, text, from) => {
          expect(() => readFrame(messageOf(data, text), from)).not.toThrow();
          expect(() => seqOfBroken(data)).not.toThrow();
          expect(() => fieldsOf(messageOf(data, text), from)).not.toThrow();
        },
      ),
    );
  });

  it('are no frame where a seq is written as a float, or keys of metadata as numbers', () => {
    expect(readFrame(messageOf(bytes('93 cb 40 1c 00 00 00 00 00 00 c0 a1 61')), 'client')).toMatchObject({ ok: false });
    expect(readFrame(messageOf(bytes('95 07 c0 a1 61 00 81 01 02')), 'client')).toMatchObject({ ok: false });
    expect(readFrame(messageOf(bytes('95 07 81 01 02 a1 61 00 c0')), 'client')).toMatchObject({ ok: true, message: { data: { 1: 2 } } });
    expect(readFrame(messageOf(bytes('93 07 c0 a1 61 00')), 'client')).toMatchObject({ ok: false });
    expect(seqOfBroken(bytes('94 07 c0 a1 61 09'))).toBe(7);
  });
});

it('a frame says which of its bytes are which member', () => {
  const fields = fieldsOf(messageOf(bytes('94 05 c0 a5 74 69 63 6b 73 03')), 'client');
  expect(fields.map(({ path, at, says }) => [path.join('.'), at, says])).toEqual([
    ['', [0, 10], undefined],
    ['seq', [1, 2], undefined],
    ['data', [2, 3], undefined],
    ['rpc', [3, 9], undefined],
    ['type', [9, 10], 'CLOSE'],
  ]);
});
