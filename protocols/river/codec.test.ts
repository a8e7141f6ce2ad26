import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue, setOwn } from '../common/value.ts';
import { codecNames, DecodingError, decodeMessage, EncodingError, encodeMessage } from './codec.ts';

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const unhex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const utf8 = (value: string) => new TextEncoder().encode(value);
const nested = (levels: number) => {
  let value: Record<string, unknown> = {};
  for (let i = 1; i < levels; i += 1) value = { a: value };
  return value;
};

describe('JSON codec', () => {
  const forms: [unknown, string][] = [
    [new Uint8Array([0, 1, 255]), '{"$t":"AAH/"}'],
    [Buffer.from([0]), '{"$t":"AA=="}'],
    [new Uint8Array(), '{"$t":""}'],
    [9007199254740992n, '{"$b":"9007199254740992"}'],
    [-1180591620717411303424n, '{"$b":"-1180591620717411303424"}'],
    [[undefined, NaN, Infinity], '[null,null,null]'],
    [null, 'null'],
    [new Date(0), '{}'],
    ['\ud800', '"\\ud800"'],
  ];
  it.each(forms)('writes %o as %s', (value, form) => {
    expect(text(encodeMessage({ a: value, left: undefined }, 'json'))).toBe(`{"a":${form}}`);
  });

  const readings: [string, unknown][] = [
    ['{"a":{"$t":"AAH/"}}', { a: new Uint8Array([0, 1, 255]) }],
    ['{"a":[{"$t":"AA"}]}', { a: [new Uint8Array([0])] }],
    ['{"a":{"$t":"","x":1}}', { a: new Uint8Array() }],
    ['{"a":{"$b":""}}', { a: 0n }],
    ['{"a":{"$b":{"$b":"7"}}}', { a: 7n }],
    ['{"a":{"$b":12}}', { a: 12n }],
    ['\ufeff{"a":1}', { a: 1 }],
    ['[1]', [1]],
  ];
  it.each(readings)('reads %s', (form, value) => {
    expect(decodeMessage(utf8(form), 'json')).toEqual(value);
  });

  it.each([
    ...['{"a":{"$b":"abc"}}', '{"a":{"$b":null}}', '{"a":{"$b":1.5}}', '{"a":{"$t":"***"}}', '{"a":{"$t":"A"}}', '{"a":{"$t":"A="}}'],
    ...['{"a":{"$t":"__8="}}', '{"a":{"$t":5}}', '{"a":1}x', '', '3', '"x"', 'null', '{"a":'],
  ])('refuses %s', (form) => {
    expect(() => decodeMessage(utf8(form), 'json')).toThrow(DecodingError);
  });

  it('replaces invalid UTF-8', () => {
    expect(decodeMessage(unhex('7b2261223a22ff227d'), 'json')).toEqual({ a: '\ufffd' });
  });

  it('writes undefined list elements as null, at the root too', () => {
    expect(text(encodeMessage([undefined], 'json'))).toBe('[null]');
  });

  it('refuses roots without a JSON form', () => {
    for (const root of [undefined, () => 1, Symbol('x')]) expect(() => encodeMessage(root, 'json')).toThrow(EncodingError);
  });

  it('refuses cycles', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const codec of codecNames) expect(() => encodeMessage(cycle, codec)).toThrow(EncodingError);
  });
});

describe('MessagePack codec', () => {
  const table: [unknown, string][] = [
    [new Uint8Array([0, 1, 255]), 'c4 03 00 01 ff'],
    [5n, 'd4 00 05'],
    [2n ** 53n, 'c7 11 00 b0 39303037313939323534373430393932'],
    [2 ** 40, 'cf 00 00 01 00 00 00 00 00'],
    [2 ** 53 + 2, 'cb 43 40 00 00 00 00 00 01'],
    [-1, 'ff'],
    [1.5, 'cb 3ff8000000000000'],
    [[undefined], '91 c0'],
    [{ left: undefined }, '80'],
    [null, 'c0'],
  ];
  it.each(table)('writes {a: %o} as 81 a1 61 %s', (value, form) => {
    expect(hex(encodeMessage({ a: value }, 'msgpack'))).toBe(`81a161${form.replaceAll(' ', '')}`);
  });

  it.each([
    ['any width of integer', '81 a1 61 cf 00 00 00 00 00 00 00 05', 5],
    ['integral floats', '81 a1 61 cb 40 14 00 00 00 00 00 00', 5],
    ['extension 0 with a number', '81 a1 61 d4 00 05', 5n],
    ['extension 0 with a text', '81 a1 61 d5 00 a1 37', 7n],
    ['a map with $t as plain data', '81 a1 61 81 a2 24 74 a1 2a', { $t: '*' }],
  ])('reads %s', (_name, form, value) => {
    expect(decodeMessage(unhex(form), 'msgpack')).toEqual({ a: value });
  });

  it.each([
    ['trailing bytes', '80 00'],
    ['byte c1', '81 a1 61 c1'],
    ['a __proto__ key', '81 a9 5f5f70726f746f5f5f 80'],
    ['a list', '90'],
    ['nil', 'c0'],
    ['bytes', 'c4 00'],
    ['a big integer', 'd4 00 05'],
    ['nothing', ''],
    ['half a map', '81 a1 61'],
    ['extension 0 without an integer', '81 a1 61 d4 00 c3'],
    ['extension 0 with other text', '81 a1 61 d5 00 a1 78'],
    ['a forged length', '81 a1 61 dd ff ff ff ff'],
  ])('refuses %s', (_name, form) => {
    expect(() => decodeMessage(unhex(form), 'msgpack')).toThrow(DecodingError);
  });

  it('writes 100 levels and refuses 101, but reads them', () => {
    expect(decodeMessage(encodeMessage(nested(100), 'msgpack'), 'msgpack')).toEqual(nested(100));
    expect(() => encodeMessage(nested(101), 'msgpack')).toThrow(EncodingError);
    expect(decodeMessage(unhex(`${'81a161'.repeat(200)}80`), 'msgpack')).toEqual(nested(201));
    expect(decodeMessage(encodeMessage(nested(200), 'json'), 'json')).toEqual(nested(200));
  });

  it('refuses functions', () => {
    expect(() => encodeMessage({ a: () => 1 }, 'msgpack')).toThrow(EncodingError);
  });

  it('gives plain bytes out of a Buffer', () => {
    const { a } = decodeMessage(Buffer.from(unhex('81 a1 61 c4 01 07')), 'msgpack') as { a: Uint8Array };
    expect(Object.getPrototypeOf(a)).toBe(Uint8Array.prototype);
  });
});

describe('both codecs', () => {
  const key = fc.string().filter((name) => name !== '$t' && name !== '$b' && name !== '__proto__');
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    fc.uint8Array(),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('value'), { maxLength: 5 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => {
        const map: Record<string, unknown> = {};
        for (const [name, item] of entries) setOwn(map, name, item);
        return map;
      }),
    ),
  }));
  const message = fc.record({ payload: value });

  it.each(codecNames)('%s: what is written is read back', (codec) => {
    fc.assert(fc.property(message, (sent) => sameValue(decodeMessage(encodeMessage(sent, codec), codec), sent)));
  });

  it('read the same value (RIVER-CODEC-07)', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const [json, msgpack] = codecNames.map((codec) => decodeMessage(encodeMessage(sent, codec), codec));
        expect(json).toEqual(msgpack);
      }),
    );
  });

  it.each(codecNames)('%s: arbitrary and damaged bytes are read or refused with DecodingError', (codec) => {
    const damaged = fc.tuple(message, fc.nat(), fc.nat(255)).map(([sent, at, byte]) => {
      const data = encodeMessage(sent, codec);
      data[at % data.length] = byte;
      return data;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), damaged), (data) => {
        try {
          return typeof decodeMessage(data, codec) === 'object';
        } catch (error) {
          return error instanceof DecodingError;
        }
      }),
    );
  });

  it('of another name do not exist', () => {
    expect(() => encodeMessage({}, 'xml')).toThrow(EncodingError);
    expect(() => decodeMessage(new Uint8Array(), 'xml')).toThrow(DecodingError);
  });
});
