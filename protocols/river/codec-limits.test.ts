import { describe, expect, it, test } from 'vitest';
import { DecodingError, decodeMessage } from './codec.ts';

const MIB = 1024 * 1024;
const repeated = (text: string, times: number) => Buffer.from(text.repeat(times));
const msgpack = (bytes: number[], times: number) => Buffer.alloc(bytes.length * times, Uint8Array.from(bytes));
const inMap = (bytes: Uint8Array) => Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), bytes]);
const list = (count: number) => Buffer.from([0xdd, count >>> 24, (count >>> 16) & 255, (count >>> 8) & 255, count & 255]);

/** Messages that stand for far more than their bytes, or take far longer. One more is a line. */
const ATTACKS: readonly { readonly what: string; readonly codec: string; readonly data: () => Uint8Array; readonly words: RegExp }[] = [
  { what: '90 MiB of lists in lists', codec: 'msgpack', data: () => msgpack([0x91], 90 * MIB), words: /nested more than 512 levels/ },
  {
    what: '90 MiB of maps in maps',
    codec: 'msgpack',
    data: () => msgpack([0x81, 0xa1, 0x61], 30 * MIB),
    words: /nested more than 512 levels/,
  },
  {
    what: '90 MiB of empty lists',
    codec: 'msgpack',
    data: () => inMap(Buffer.concat([list(90 * MIB), msgpack([0x90], 90 * MIB)])),
    words: /more than 262144 values/,
  },
  {
    what: 'lists that say they are long',
    codec: 'msgpack',
    data: () => inMap(msgpack([0xdd, 0x00, 0x40, 0x00, 0x00], 2 * MIB)),
    words: /more than 262144 values/,
  },
  {
    what: 'a list that says it is longer than the message',
    codec: 'msgpack',
    data: () => inMap(Buffer.concat([list(2 ** 32 - 1), msgpack([0], MIB)])),
    words: /items in/,
  },
  {
    what: 'a map of a million entries',
    codec: 'msgpack',
    data: () => Buffer.concat([Buffer.from([0xdf, 0, 0x10, 0, 0]), msgpack([0xa1, 0x61, 0xc0], MIB)]),
    words: /more than 262144 values/,
  },
  {
    what: 'a big integer of three million digits',
    codec: 'msgpack',
    data: () => inMap(Buffer.concat([Buffer.from([0xc9, 0, 0x2d, 0xc6, 0xc5, 0, 0xdb, 0, 0x2d, 0xc6, 0xc0]), repeated('9', 3_000_000)])),
    words: /more than 4096 digits/,
  },
  {
    what: 'lists in a big integer',
    codec: 'msgpack',
    data: () => inMap(Buffer.concat([Buffer.from([0xc8, 0x10, 0x00, 0]), msgpack([0x91], 4096)])),
    words: /not msgpack/,
  },
  { what: '90 MiB of lists in lists', codec: 'json', data: () => repeated('[', 90 * MIB), words: /nested more than 512 levels/ },
  { what: '5 million maps in maps', codec: 'json', data: () => repeated('{"a":', 5_000_000), words: /nested more than 512 levels/ },
  {
    what: '90 MiB of zeros',
    codec: 'json',
    data: () => Buffer.concat([Buffer.from('{"a":['), repeated('0,', 45 * MIB), Buffer.from('0]}')]),
    words: /more than 262144 values/,
  },
  {
    what: 'three hundred thousand keys',
    codec: 'json',
    data: () => Buffer.from(`{${Array.from({ length: 300_000 }, (_, i) => `"${i}":0`).join(',')}}`),
    words: /more than 262144 values/,
  },
  {
    what: 'a big integer of three million digits',
    codec: 'json',
    data: () => Buffer.from(`{"a":{"$b":"${'9'.repeat(3_000_000)}"}}`),
    words: /at most 4096 digits/,
  },
  {
    what: 'a big integer of as many blanks',
    codec: 'json',
    data: () => Buffer.from(`{"a":{"$b":"${' '.repeat(3_000_000)}9"}}`),
    words: /at most 4096 digits/,
  },
];

describe('a message of', () => {
  it.each(ATTACKS)('$what is refused before it is decoded ($codec)', ({ codec, data, words }) => {
    const bytes = new Uint8Array(data());
    expect(() => decodeMessage(bytes, codec)).toThrow(DecodingError);
    expect(() => decodeMessage(bytes, codec)).toThrow(words);
  });
});

/** Large, deep and long, and not too much. */
const INNOCENTS: readonly { readonly what: string; readonly codec: string; readonly data: () => Uint8Array }[] = [
  { what: 'a text of 90 MiB', codec: 'json', data: () => Buffer.from(`{"a":"${'x'.repeat(90 * MIB)}"}`) },
  { what: 'a text of 90 MiB of brackets and quotes', codec: 'json', data: () => Buffer.from(`{"a":"${'[\\"'.repeat(30 * MIB)}"}`) },
  { what: 'bytes of 60 MiB', codec: 'json', data: () => Buffer.from(`{"a":{"$t":"${'AAAA'.repeat(15 * MIB)}"}}`) },
  {
    what: 'bytes of 90 MiB that would be lists',
    codec: 'msgpack',
    data: () => inMap(Buffer.concat([Buffer.from([0xc6, 0x05, 0xa0, 0, 0]), msgpack([0x91], 90 * MIB)])),
  },
  { what: 'two hundred thousand numbers', codec: 'msgpack', data: () => inMap(Buffer.concat([list(200_000), msgpack([1], 200_000)])) },
  {
    what: 'a hundred thousand keys',
    codec: 'json',
    data: () => Buffer.from(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join(',')}}`),
  },
  { what: '500 levels', codec: 'json', data: () => Buffer.from(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) },
  { what: 'a big integer of 4096 digits', codec: 'json', data: () => Buffer.from(`{"a":{"$b":"${'9'.repeat(4096)}"}}`) },
];

test.each(INNOCENTS)('$what is read ($codec)', ({ codec, data }) => {
  expect(Object.keys(Object(decodeMessage(new Uint8Array(data()), codec)))[0]).toBeDefined();
});
