import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenate } from '../../common/byte-queue.ts';
import type { CarrierProblem, WireItem } from '../../common/carrier.ts';
import { bodyLength, type MessageFrame, messageOf, type Side } from '../../common/frame.ts';
import { latin1Bytes } from '../../common/latin1.ts';
import { httpCarrier } from './carrier.ts';
import { LONGEST_CHUNK_LINE } from './chunk-line.ts';
import { MOST_FIELDS } from './head.ts';
import { LONGEST_HEAD } from './reader.ts';
import { chunkBytes, headBytes, lastChunk } from './write.ts';

const http = httpCarrier();
/** Bodies in frames behind their length in one byte. */
const prefixed = httpCarrier(() => (beginning) => {
  const [length] = beginning(1);
  return length === undefined ? { length: 1, whole: false } : { length: 1 + length, whole: true };
});

/** What one side writes, and which side it is. */
type Writes = readonly (readonly [from: Side, bytes: Uint8Array | string])[];

function converse(writes: Writes, sizes: readonly number[] = [Number.POSITIVE_INFINITY], carrier = http) {
  const conversation = carrier.converse({ authority: '', seen: '' });
  const items: Record<Side, WireItem[]> = { dialler: [], acceptor: [] };
  const order: WireItem[] = [];
  const take = (from: Side, some: readonly WireItem[]): void => {
    items[from].push(...some);
    order.push(...some);
  };
  let i = 0;
  for (const [from, written] of writes) {
    const bytes = typeof written === 'string' ? latin1Bytes(written) : written;
    for (let at = 0; at < bytes.length; i += 1) {
      const size = sizes[i % sizes.length] ?? 1;
      take(from, conversation.push(from, bytes.subarray(at, at + size)));
      at += size;
    }
  }
  for (const side of ['dialler', 'acceptor'] as const) take(side, conversation.end(side, 'fin'));
  return { items, order };
}

const framesOf = (items: readonly WireItem[]): MessageFrame[] =>
  items.flatMap((item) => (item.kind === 'frame' && item.frame.class === 'data' ? [item.frame] : []));
const problemsOf = (items: readonly WireItem[]): CarrierProblem[] =>
  items.flatMap((item) => (item.kind === 'problem' ? [item.problem] : []));
const rawOf = (items: readonly WireItem[]): Uint8Array => concatenate(items.flatMap((item) => ('raw' in item ? item.raw : [])));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** `0 head`, `0 data "abc" last` */
const told = (items: readonly WireItem[]): string[] =>
  framesOf(items).map(({ kind, data, part }) =>
    [part?.exchange, kind, ...(kind === 'head' ? [] : [JSON.stringify(text(data))]), ...(part?.last ? ['last'] : [])].join(' '),
  );

const POST = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const anySizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });
const anyBody = fc.uint8Array({ maxLength: 200 });
/** A message, request or answer by its first line, with one of the ways to write a body; and the frames that it is. */
const anyMessage = fc.record({ body: anyBody, chunks: fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 8 }), trailer: fc.boolean() });
type Message = { readonly body: Uint8Array; readonly chunks: readonly number[]; readonly trailer: boolean };

function written(first: string, { body, chunks, trailer }: Message): Uint8Array {
  if (chunks.length === 0) return concatenate([headBytes(first, [{ name: 'content-LENGTH', value: String(body.length) }]), body]);
  const pieces = [headBytes(first, [{ name: 'Transfer-Encoding', value: 'chunked' }])];
  for (let at = 0, i = 0; at < body.length; i += 1) {
    const size = chunks[i % chunks.length] ?? 1;
    pieces.push(chunkBytes(body.subarray(at, at + size)));
    at += size;
  }
  pieces.push(lastChunk(trailer ? [{ name: 'x-sum', value: '1' }] : []));
  return concatenate(pieces);
}

function framesExpected(exchange: number, { body, chunks, trailer }: Message): string[] {
  const isChunked = chunks.length > 0;
  const data = body.length === 0 ? [] : [`${exchange} data ${JSON.stringify(text(body))}${isChunked ? '' : ' last'}`];
  const end = isChunked ? [`${exchange} end ${JSON.stringify(trailer ? 'x-sum: 1\r\n' : '')} last`] : [];
  return [`${exchange} head${!isChunked && body.length === 0 ? ' last' : ''}`, ...data, ...end];
}

describe('a conversation of HTTP/1.1', () => {
  it('gives the same frames in any chunking, and every byte in its place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMessage, anyMessage), { maxLength: 5 }), anySizes, (exchanges, sizes) => {
        const writes: Writes = exchanges.flatMap(([request, answer]) => [
          ['dialler', written('POST /a HTTP/1.1', request)],
          ['acceptor', written('HTTP/1.1 200 OK', answer)],
        ]);
        const { items } = converse(writes, sizes);
        expect(told(items.dialler)).toEqual(exchanges.flatMap(([request], i) => framesExpected(i, request)));
        expect(told(items.acceptor)).toEqual(exchanges.flatMap(([, answer], i) => framesExpected(i, answer)));
        for (const side of ['dialler', 'acceptor'] as const) {
          const all = concatenate(writes.flatMap(([from, bytes]) => (from === side && typeof bytes !== 'string' ? [bytes] : [])));
          expect(rawOf(items[side])).toEqual(all);
        }
      }),
    );
  });

  it('cuts bodies where it is told to, wherever their chunks end', () => {
    const anyMessages = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(anyMessages, anyMessage, anySizes, (messages, form, sizes) => {
        const framed = messages.map((message) => concatenate([Uint8Array.of(message.length), message]));
        const bytes = written('HTTP/1.1 200 OK', { ...form, body: concatenate(framed) });
        const { items } = converse(
          [
            ['dialler', GET],
            ['acceptor', bytes],
          ],
          sizes,
          prefixed,
        );
        expect(framesOf(items.acceptor).flatMap(({ kind, data }) => (kind === 'data' ? [data] : []))).toEqual(framed);
        expect(rawOf(items.acceptor)).toEqual(bytes);
        // A frame that somebody writes anew has the bytes in which it came.
        const anew = items.acceptor.flatMap((item) => (item.kind === 'frame' ? [http.encode(item.frame, 'acceptor', 1, Math.random)] : []));
        expect(concatenate(anew)).toEqual(bytes);
      }),
    );
  });

  it('survives any bytes and loses none, of messages that were spoiled, too', () => {
    const spoiled = fc.tuple(anyMessage, fc.nat(), fc.uint8Array({ maxLength: 3 })).map(([message, at, by]) => {
      const bytes = written('POST /a HTTP/1.1', message);
      const from = at % bytes.length;
      return concatenate([bytes.subarray(0, from), by, bytes.subarray(from + 1)]);
    });
    fc.assert(
      fc.property(
        fc.oneof(spoiled, fc.uint8Array({ maxLength: 300 })),
        anySizes,
        fc.constantFrom<Side>('dialler', 'acceptor'),
        (bytes, sizes, from) => {
          const whole = converse([[from, bytes]]);
          const inPieces = converse([[from, bytes]], sizes);
          expect(rawOf(inPieces.items[from])).toEqual(bytes);
          expect(told(inPieces.items[from])).toEqual(told(whole.items[from]));
          expect(problemsOf(inPieces.order)).toEqual(problemsOf(whole.order));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives no more frames at once than are asked for, and the rest when asked again', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 6 }), anySizes, fc.integer({ min: 1, max: 3 }), (messages, sizes, most) => {
        const conversation = http.converse({ authority: '', seen: '' });
        const items: WireItem[] = [];
        const bytes = concatenate(messages.map((message) => written('POST /a HTTP/1.1', message)));
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          let some = conversation.push('dialler', bytes.subarray(at, at + size), most);
          at += size;
          for (;;) {
            expect(framesOf(some).length).toBeLessThanOrEqual(most + 1);
            items.push(...some);
            if (!conversation.hasMore('dialler')) break;
            some = conversation.more('dialler', most);
          }
        }
        expect(told(items)).toEqual(messages.flatMap((message, i) => framesExpected(i, message)));
        expect(conversation.frames('dialler')).toBe(framesOf(items).length);
      }),
    );
  });

  it('lets bytes go ahead of their frame, each once', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 4 }), anySizes, fc.array(fc.boolean(), { minLength: 1 }), (messages, sizes, goes) => {
        const conversation = http.converse({ authority: '', seen: '' });
        const bytes = concatenate(messages.map((message) => written('POST /a HTTP/1.1', message)));
        const passed: Uint8Array[] = [];
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          const items = conversation.push('dialler', bytes.subarray(at, at + size));
          for (const item of items) {
            if (item.kind !== 'frame') continue;
            passed.push(...item.raw);
            expect(http.encode(item.frame, 'dialler', 1, Math.random)).toEqual(concatenate(item.raw));
          }
          if (goes[i % goes.length]) passed.push(...(conversation.ahead?.('dialler') ?? []));
          at += size;
        }
        expect(concatenate(passed)).toEqual(bytes);
      }),
    );
  });

  const answers: readonly (readonly [what: string, request: string, answer: string, frames: readonly string[]])[] = [
    ['to HEAD, whatever its length says', GET.replace('GET', 'HEAD'), 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', ['0 head last']],
    [
      '204 and 304',
      GET,
      'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      ['0 head last', '1 head last'],
    ],
    [
      '100 before the answer proper',
      POST,
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ['0 head last', '0 head', '0 data "ok" last'],
    ],
    ['until the connection ends', GET, 'HTTP/1.1 200 OK\r\n\r\nall of it', ['0 head', '0 data "all of it" last']],
    ['of HTTP/1.0', GET, 'HTTP/1.0 200 OK\r\n\r\nall of it', ['0 head', '0 data "all of it" last']],
    [
      'with extensions of chunks and trailers',
      GET,
      `${CHUNKED}3 ;a="b;c"\r\nabc\r\n0;last\r\nx-a: 1\r\n\r\n`,
      ['0 head', '0 data "abc"', '0 end "x-a: 1\\r\\n" last'],
    ],
    ['with a reason that is empty, or missing', GET, 'HTTP/1.1 204 \r\n\r\nHTTP/1.1 204\r\n\r\n', ['0 head last', '1 head last']],
    ['that switches protocols', GET, 'HTTP/1.1 101 Switching Protocols\r\n\r\nno HTTP', ['0 head last']],
    ['cut in its body', GET, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', ['0 head', '0 torn "abc"']],
    ['cut in a chunk', GET, `${CHUNKED}5\r\nabc`, ['0 head', '0 torn "abc"']],
    ['cut before its last chunk', GET, `${CHUNKED}3\r\nabc\r\n`, ['0 head', '0 torn "abc"']],
    ['cut in its head', GET, 'HTTP/1.1 200 O', ['0 torn "HTTP/1.1 200 O"']],
  ];
  it.each(answers)('reads an answer %s', (_what, request, answer, frames) => {
    const { items, order } = converse([
      ['dialler', request],
      ['dialler', request],
      ['acceptor', answer],
    ]);
    expect(told(items.acceptor)).toEqual(frames);
    expect(problemsOf(order)).toEqual([]);
    expect(text(rawOf(items.acceptor))).toBe(answer);
  });

  it('reads requests behind each other, and overlooks empty lines before them', () => {
    const { items } = converse([['dialler', `${POST}\r\n\r\n${GET}${POST}`]]);
    expect(told(items.dialler)).toEqual(['0 head', '0 data "abc" last', '1 head last', '2 head', '2 data "abc" last']);
    expect(text(framesOf(items.dialler)[2]?.data ?? new Uint8Array())).toContain(GET);
  });

  const request = (fields: string, body = ''): string => `POST /a HTTP/1.1\r\n${fields}\r\n${body}`;
  const refused: readonly (readonly [rule: string, request: string])[] = [
    ['length-and-chunks', request('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['two-lengths', request('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd')],
    ['two-lengths', request('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc')],
    ['two-lengths', request('Content-Length: 3, 3\r\n', 'abc')],
    ['length', request('Content-Length: +3\r\n', 'abc')],
    ['length', request('Content-Length: 0x3\r\n', 'abc')],
    ['length', request('Content-Length: 99999999999999999999\r\n')],
    ['length', request('Content-Length:\r\n')],
    ['chunked-not-last', request('Transfer-Encoding: chunked, gzip\r\n')],
    ['chunked-twice', request('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n')],
    ['not-chunked', request('Transfer-Encoding: identity\r\n')],
    ['not-chunked', request('Transfer-Encoding: xchunked\r\n')],
    ['chunks-in-1.0', 'POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['space-before-colon', request('Content-Length : 3\r\n', 'abc')],
    ['folded-line', request('X-A: 1\r\n Content-Length: 3\r\n')],
    ['no-colon', request('nothing\r\n')],
    ['field-name', request('X(A: 1\r\n')],
    ['field-value', request('X-A: a\u0000b\r\n')],
    ['lone-lf', 'POST /a HTTP/1.1\nHost: x\n\n'],
    ['lone-lf', request('X-A: 1\nContent-Length: 3\r\n')],
    ['lone-cr', request('X-A: 1\rX-B: 2\r\n')],
    ['request-line', 'POST  /a HTTP/1.1\r\n\r\n'],
    ['request-line', 'POST /a b HTTP/1.1\r\n\r\n'],
    ['version', 'PRI * HTTP/2.0\r\n\r\n'],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', '-3\r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', '0x3\r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', '+3\r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', ' 3\r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', '3 \r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', '\r\nabc\r\n')],
    ['chunk-size', request('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n')],
    ['chunk-end', request('Transfer-Encoding: chunked\r\n', '3\r\nabcd\r\n0\r\n\r\n')],
    ['lone-lf', request('Transfer-Encoding: chunked\r\n', '3\nabc\r\n')],
  ];
  it.each(refused)('says what is wrong and reads no further: %s in %j', (rule, bytes) => {
    const { items, order } = converse([['dialler', `${bytes}${GET}`]], [7]);
    expect(problemsOf(order)).toMatchObject([{ kind: 'broken-http', detail: rule }]);
    expect(framesOf(items.dialler).at(-1)?.kind).toBe('broken');
    expect(text(rawOf(items.dialler))).toBe(`${bytes}${GET}`);
  });

  it('reads as much as its limits say, and lets what is longer pass unread', () => {
    const filler = (length: number): string => `X-A: ${'a'.repeat(length)}\r\n`;
    const around = 'GET /a HTTP/1.1\r\n\r\n'.length + filler(0).length;
    const long = (length: number) => converse([['dialler', `GET /a HTTP/1.1\r\n${filler(length - around)}\r\n`]], [1000]).items.dialler;
    expect(told(long(LONGEST_HEAD))).toEqual(['0 head last']);
    expect(long(LONGEST_HEAD + 1).slice(0, 2)).toMatchObject([{ kind: 'unread' }, { kind: 'frame', frame: { kind: 'broken' } }]);
    const fields = (count: number) => converse([['dialler', `GET /a HTTP/1.1\r\n${'a:1\r\n'.repeat(count)}\r\n`]]).items.dialler;
    expect(told(fields(MOST_FIELDS))).toEqual(['0 head last']);
    expect(fields(MOST_FIELDS + 1)[0]).toMatchObject({ kind: 'unread', error: expect.stringContaining(String(MOST_FIELDS)) });
    const line = (length: number) =>
      converse([['dialler', request('Transfer-Encoding: chunked\r\n', `0;${'e'.repeat(length - 4)}\r\n\r\n`)]]).items.dialler;
    expect(told(line(LONGEST_CHUNK_LINE))).toEqual(['0 head', '0 end "" last']);
    expect(line(LONGEST_CHUNK_LINE + 1).map(({ kind }) => kind)).toContain('unread');
  });

  it('takes time in proportion to the bytes, one at a time or many empty lines', () => {
    const bytes = latin1Bytes(`${'\r\n'.repeat(LONGEST_HEAD / 2 - 20)}${GET}`);
    const { items } = converse([['dialler', bytes]], [1]);
    expect(told(items.dialler)).toEqual(['0 head last']);
  });

  it('makes a long body when somebody asks for it, and keeps its parts no longer; of a short one it is made at once', () => {
    const [, long] = framesOf(converse([['dialler', request('Content-Length: 9000\r\n', 'x'.repeat(9000))]], [1500]).items.dialler);
    expect(Object.keys(long ?? {})).not.toContain('data');
    expect([bodyLength(long ?? messageOf(new Uint8Array())), long?.data.length]).toEqual([9000, 9000]);
    expect(long?.data).toBe(long?.data);
    const [, torn] = framesOf(converse([['dialler', request('Content-Length: 9000\r\n', 'x'.repeat(9000))]], [3]).items.dialler);
    expect(Object.keys(torn ?? {})).toContain('data');
  });

  it('sets nothing aside for a length that nobody has seen the bytes of', () => {
    const before = process.memoryUsage().arrayBuffers;
    const conversation = http.converse({ authority: '', seen: '' });
    conversation.push('dialler', latin1Bytes(request(`Content-Length: ${Number.MAX_SAFE_INTEGER}\r\n`, 'abc')));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 ** 2);
  });
});
