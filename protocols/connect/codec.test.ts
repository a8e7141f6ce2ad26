import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../common/frame.ts';
import type { Codec } from './codec.ts';
import { compress, decompress, readContentType } from './content.ts';
import { decode } from './decode.ts';
import { envelopeLength, readEnvelope, writeEnvelope } from './envelope.ts';
import { failure, readEndOfStream, writeEndOfStream } from './errors.ts';
import { messageBytes, writeQuery } from './get.ts';
import { fieldsOfMetadata, metadataOfFields } from './metadata.ts';
import { messages, procedures, readMessage, writeMessage } from './schema.ts';
import { messagesOf, traceOf } from './testing/talk.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const say = procedures.get('weir.v1.Test/Echo')?.input;
if (say === undefined) throw new Error('there is no Echo');

// What the implementer's notes worked out: a message whose first field is the text "Buf".
const BUF = { text: 'Buf' };

describe('bytes of Connect', () => {
  it('are those that were worked out by hand', () => {
    const proto = writeMessage(say, 'proto', BUF);
    expect(hex(proto)).toBe('0a03427566');
    expect(hex(writeEnvelope(0, proto))).toBe('00000000050a03427566');
    expect(hex(writeEnvelope(0, new Uint8Array()))).toBe('0000000000');
    expect(hex(writeEnvelope(2, writeEndOfStream(undefined, {})))).toBe('02000000027b7d');
    expect(text(writeEndOfStream(failure('unavailable', 'overloaded'), {}))).toBe(
      '{"error":{"code":"unavailable","message":"overloaded"}}',
    );
    expect(text(writeEndOfStream(undefined, { 'x-cost': ['237'] }))).toBe('{"metadata":{"x-cost":["237"]}}');
    expect(writeQuery('proto', proto, 'identity')).toBe('connect=v1&base64=1&encoding=proto&message=CgNCdWY');
    expect(writeQuery('json', writeMessage(say, 'json', BUF), 'identity')).toBe(
      'connect=v1&encoding=json&message=%7B%22text%22%3A%22Buf%22%7D',
    );
  });

  it('come back as the values that they were made of, in either codec', () => {
    const value = { text: 'ä', raw: 'AQI=', number: '-9007199254740993', list: ['', 'b'], counts: { a: -1 } };
    for (const codec of ['proto', 'json'] satisfies Codec[])
      expect(readMessage(say, codec, writeMessage(say, codec, value))).toEqual(value);
    expect(() => readMessage(say, 'proto', Uint8Array.of(0xff))).toThrow();
    expect(() => readMessage(say, 'json', Uint8Array.of(0xff))).toThrow();
  });

  it('are envelopes only where all of them are there', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 100 }), fc.nat(), (flags, data, cut) => {
        const whole = writeEnvelope(flags, data);
        expect(readEnvelope(whole)).toEqual({ flags, data });
        const part = whole.subarray(0, cut % whole.length);
        expect(readEnvelope(part)).toBeUndefined();
        expect(envelopeLength(part)).toBe(part.length < 5 ? undefined : whole.length);
      }),
    );
  });

  it('are decompressed up to a limit, and nothing is made of nothing', () => {
    const large = new Uint8Array(100_000);
    for (const encoding of ['gzip', 'br']) {
      const small = compress(large, encoding);
      expect(decompress(small, encoding, 100_000)).toEqual(large);
      expect(() => decompress(small, encoding, 99_999)).toThrow(RangeError);
      expect(() => decompress(Uint8Array.of(1, 2, 3), encoding)).toThrow(Error);
      expect(decompress(new Uint8Array(), encoding)).toEqual(new Uint8Array());
    }
  });

  it('of metadata are base64 without padding, and read with it or without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const [field] = fieldsOfMetadata({ 'x-bin': [bytes] });
        expect(field?.value).not.toContain('=');
        for (const padding of ['', '=='])
          expect(metadataOfFields([{ name: 'X-Bin', value: `${field?.value}${padding}` }])).toEqual({ 'x-bin': [bytes] });
      }),
    );
  });

  it('of a query are read in the URL-safe alphabet only', () => {
    expect(messageBytes('/p?base64=1&message=-_8%3D')).toEqual(Uint8Array.of(0xfb, 0xff));
    expect(() => messageBytes('/p?base64=1&message=%2B%2F8')).toThrow(/URL-safe/);
    expect(messageBytes('/p?encoding=proto')).toBeUndefined();
    expect(messageBytes('/p?message=')).toEqual(new Uint8Array());
  });
});

it('the descriptors that adapters are given are those of the schema', () => {
  const described = readFileSync(new URL('../../cases/connect/weir.binpb', import.meta.url));
  const [file] = fromBinary(FileDescriptorSetSchema, described).file;
  const services = file?.service.map(({ method }) => method.map(({ name }) => name));
  expect(services).toEqual([[...procedures.keys()].map((name) => name.replace('weir.v1.Test/', ''))]);
  expect(file?.messageType.map(({ name }) => `weir.v1.${name}`)).toEqual([...messages.keys()]);
});

it.each([
  ['application/json', { isStream: false, name: 'json', codec: 'json' }],
  ['Application/Connect+Proto; charset=utf-8', { isStream: true, name: 'proto', codec: 'proto' }],
  ['application/foo', { isStream: false, name: 'foo', codec: undefined }],
  ['text/html', undefined],
  [undefined, undefined],
])('the type %j is read', (type, read) => {
  expect(readContentType(type)).toEqual(read);
});

describe('the end of a stream', () => {
  it.each(['', 'garbage', '[]', 'null', '"ok"', '5'])('is none where it is %j', (json) => {
    expect(readEndOfStream(Buffer.from(json))).toMatchObject({ ok: false });
  });

  it('is read without what nobody knows', () => {
    const json =
      '{"error":{"code":"mine","message":"m","details":[{"type":"a.B","value":"AQI","x":1},5]},"metadata":{"A":["1"],"b":"c","d":[1]},"z":0}';
    expect(readEndOfStream(Buffer.from(json))).toEqual({
      ok: true,
      error: { code: undefined, message: 'm', details: [{ type: 'a.B', value: Uint8Array.of(1, 2) }] },
      metadata: { a: ['1'] },
    });
  });
});

describe('a frame', () => {
  it('is read by the heads of its exchange, each its own', () => {
    const trace = traceOf(
      ['client', 'POST /api/weir.v1.Test/Echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"text":"Buf"}'],
      [
        'client',
        'POST /weir.v1.Test/Echo HTTP/1.1\r\nContent-Type: application/proto\r\nContent-Length: 5\r\n\r\n',
        Uint8Array.of(0x0a, 3, 0x42, 0x75, 0x66),
      ],
      ['server', 'HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{"code":"aborted","message":""}'],
    );
    expect(messagesOf(trace)).toMatchObject([
      { type: 'request', exchange: 0, procedure: 'weir.v1.Test/Echo' },
      { type: 'body', exchange: 0, value: BUF, last: true },
      { type: 'request', exchange: 1 },
      { type: 'body', exchange: 1, value: BUF },
      { type: 'response', exchange: 0, status: 409 },
      { type: 'body', exchange: 0, error: { code: 'aborted' } },
    ]);
  });

  it('of any bytes is read or refused, and nothing throws', () => {
    const anyKind = fc.constantFrom('head', 'data', 'end', 'torn', 'broken');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), anyKind, fc.constantFrom('client' as const, 'server' as const), (data, kind, from) => {
        const head = messageOf(Buffer.from('POST /weir.v1.Test/Count HTTP/1.1\r\nContent-Type: application/connect+proto\r\n\r\n'));
        expect(() => decode({ kind, class: 'data', text: false, data }, { from, heads: [head, messageOf(data)] })).not.toThrow();
      }),
    );
  });
});
