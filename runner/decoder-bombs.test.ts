import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LONGEST_DATA, MOST_CHUNKS } from '../protocols/carriers/http/reader.ts';
import type { MessageFrame, Role } from '../protocols/common/frame.ts';
import { createMeter, type Meter } from '../protocols/common/limits.ts';
import type { Whereabouts } from '../protocols/common/whereabouts.ts';
import { protocolEntry } from './registry.ts';

const MIB = 1024 * 1024;
const EXCHANGE = { exchange: 0 } as const;
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const many = (text: string, times: number): Uint8Array => new Uint8Array(Buffer.alloc(text.length * times, text, 'latin1'));
const joined = (...parts: readonly (Uint8Array | string)[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part))));
const framed = (kind: string, data: Uint8Array): MessageFrame => ({ kind, class: 'data', text: false, data, part: EXCHANGE });

/** A request or an answer of Connect whose body is read by these fields. */
const head = (first: string, fields: string): MessageFrame => ({
  ...framed('head', latin1(`${first}\r\n${fields}\r\n\r\n`)),
  part: { ...EXCHANGE, head: true },
});
const post = (type: string, more = ''): readonly MessageFrame[] => [
  head('POST /weir.v1.Test/Echo HTTP/1.1', `Content-Type: application/${type}${more}`),
];
const GZIP = '\r\nContent-Encoding: gzip';
const envelope = (flags: number, data: Uint8Array): Uint8Array => {
  const prefix = Buffer.alloc(5, flags);
  prefix.writeUInt32BE(data.length, 1);
  return joined(prefix, data);
};
/** `list`, the field 4 of the messages of the test services, with so many texts that are empty. */
const texts = (count: number): Uint8Array => many('\x22\x00', count);

/** Frames that stand for far more than their bytes, or take far longer to decode; what is made of them. One more is a line. */
const BOMBS: readonly {
  readonly protocol: string;
  readonly what: string;
  readonly from?: Role | 'broker';
  readonly heads?: readonly MessageFrame[];
  readonly frame: () => MessageFrame;
  readonly says: RegExp;
}[] = [
  ...(
    [
      ['twelve million empty texts', 'proto', '', () => texts(12 * MIB)],
      ['the same, compressed', 'proto', GZIP, () => new Uint8Array(gzipSync(texts(12 * MIB)))],
      ['ten million groups in groups', 'proto', '', () => new Uint8Array(10 * MIB).fill(0x0b)],
      ['five million maps', 'proto', '', () => many('\x2a\x00', 5 * MIB)],
      ['60 MiB of lists in lists', 'json', '', () => many('[', 60 * MIB)],
      ['lists in lists that are closed', 'json', '', () => joined(many('[', 5 * MIB), many(']', 5 * MIB))],
      ['twenty million zeros', 'json', '', () => joined('{"list":[', many('0,', 20 * MIB), '0]}')],
      ['the same, compressed', 'json', GZIP, () => new Uint8Array(gzipSync(joined('{"list":[', many('0,', 20 * MIB), '0]}')))],
      ['128 MiB of zeros, compressed', 'json', GZIP, () => new Uint8Array(gzipSync(Buffer.alloc(128 * MIB)))],
    ] as const
  ).map(([what, type, more, data]) => ({
    protocol: 'connect',
    what: `${what} in ${type}`,
    heads: post(type, more),
    frame: () => framed('data', data()),
    says: /type: 'body'[\s\S]*value: undefined[\s\S]*json: undefined/,
  })),
  {
    protocol: 'connect',
    what: 'an envelope of twelve million texts',
    heads: post('connect+proto'),
    frame: () => framed('data', envelope(0, texts(12 * MIB))),
    says: /unread: 'more than 262144 values'/,
  },
  {
    protocol: 'connect',
    what: 'an envelope of lists in lists',
    heads: post('connect+json'),
    frame: () => framed('data', envelope(0, many('[', 60 * MIB))),
    says: /unread: 'nested more than 512 levels deep'/,
  },
  {
    protocol: 'connect',
    what: 'an end of a stream of lists in lists',
    from: 'server',
    heads: [...post('connect+json'), head('HTTP/1.1 200 OK', 'Content-Type: application/connect+json')],
    frame: () => framed('data', envelope(2, many('[', 60 * MIB))),
    says: /type: 'end-of-stream'[\s\S]*unread: 'it is no JSON'/,
  },
  {
    protocol: 'connect',
    what: 'an error of twenty million details',
    from: 'server',
    heads: [...post('json'), head('HTTP/1.1 500 Error', 'Content-Type: application/json')],
    frame: () => framed('data', joined('{"code":"aborted","details":[', many('{},', 20 * MIB), '{}]}')),
    says: /error: undefined/,
  },
  {
    protocol: 'clamator',
    what: 'a command of ten million words',
    frame: () => framed('command', joined(`*${10 * MIB}\r\n`, many('$0\r\n\r\n', 10 * MIB))),
    says: /more than 262144 values/,
  },
  {
    protocol: 'clamator',
    what: 'lists in lists',
    from: 'broker',
    frame: () => framed('reply', many('*1\r\n', 5 * MIB)),
    says: /nested more than 512 levels/,
  },
  {
    protocol: 'clamator',
    what: 'forty million nothings',
    from: 'broker',
    frame: () => framed('reply', joined(`*${40 * MIB}\r\n`, many('_\r\n', 40 * MIB))),
    says: /more than 262144 values/,
  },
  {
    protocol: 'clamator',
    what: 'an envelope of lists in lists',
    frame: () =>
      framed(
        'command',
        joined(
          `*7\r\n$4\r\nXADD\r\n$1\r\nk\r\n$1\r\n*\r\n$4\r\ntype\r\n$3\r\nrpc\r\n$8\r\nenvelope\r\n$${20 * MIB}\r\n`,
          many('[', 20 * MIB),
          '\r\n',
        ),
      ),
    says: /unread: 'nested more than 512 levels deep'/,
  },
  {
    protocol: 'swill',
    what: '90 MiB of lists in lists',
    frame: () => framed('message', many('\x91', 90 * MIB)),
    says: /nested more than 512 levels/,
  },
  {
    protocol: 'swill',
    what: 'twenty million empty maps',
    frame: () => framed('message', joined(Uint8Array.from([0xdd, 1, 0x40, 0, 0]), many('\x80', 20 * MIB))),
    says: /more than 262144 values/,
  },
  {
    protocol: 'rsocket',
    what: 'metadata that says it is longer than the frame',
    frame: () => framed('message', joined(Uint8Array.from([0, 0, 0, 1, 0x11, 0, 0xff, 0xff, 0xff]), new Uint8Array(16))),
    says: /says that its metadata has 16777215 bytes/,
  },
];

const decode = async (protocol: string, frame: MessageFrame, at: Partial<Whereabouts>, meter?: Meter) => {
  const { bindings, decode: read } = await protocolEntry(protocol).protocol();
  return read(frame, { binding: bindings[0]?.name ?? '', from: 'client', openings: [], ...at }, meter);
};

describe('a decoder', () => {
  test.each(BOMBS)('of $protocol makes nothing of $what', async ({ protocol, from = 'client', heads = [], frame, says }) => {
    const decoded = await decode(protocol, frame(), { from, heads }, createMeter());
    expect(inspect(decoded, { depth: 4, maxStringLength: 100, maxArrayLength: 5 })).toMatch(says);
  });

  test.each([
    ['connect', 'gzip', () => framed('data', new Uint8Array(gzipSync(Buffer.alloc(60 * MIB)))), post('proto', GZIP)],
    ['connect', 'values', () => framed('data', texts(200_000)), post('proto')],
    ['clamator', 'values', () => framed('command', joined(`*${200_001}\r\n$3\r\nDEL\r\n`, many('$0\r\n\r\n', 200_000))), []],
  ] as const)('of %s counts what a run decodes (%s)', async (protocol, _what, frame, heads) => {
    const meter = createMeter(1_500_000);
    const one = frame();
    const read = [];
    for (let i = 0; i < 10; i += 1) read.push(await decode(protocol, one, { heads }, meter));
    expect(read[0]?.ok).toBe(true);
    expect(read.at(-1)).toEqual({ ok: false, error: 'the messages of this run hold more than 1500000 values together' });
  });
});

test('a body in chunks of a byte is passed on unread once there are too many of them', async () => {
  const { bindings } = await protocolEntry('connect').protocol();
  const conversation = bindings[0]?.carrier.converse({ authority: '', seen: '' });
  conversation?.push('dialler', latin1('POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'));
  const items = [];
  for (let i = 0; i < 40; i += 1) items.push(...(conversation?.push('dialler', many('1\r\na\r\n', 4096)) ?? []));
  expect(MOST_CHUNKS).toBeLessThan(LONGEST_DATA);
  expect(items.map(({ kind }) => kind)).toContain('unread');
});
