import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { concatenate } from '../../common/byte-queue.ts';
import type { CarrierProblem, WireItem } from '../../common/carrier.ts';
import type { MessageFrame, Side } from '../../common/frame.ts';
import { resp } from './carrier.ts';
import { decodeCommand, decodeValue } from './decode.ts';
import { encodeCommand, encodeValue } from './encode.ts';
import { commandFrame, replyFrame } from './frames.ts';
import { LONGEST_FRAME, LONGEST_INLINE } from './limits.ts';
import { anyCommand, anyReply } from './testing/any.ts';

const anySide = fc.constantFrom<Side>('dialler', 'acceptor');
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
/** Bytes that look like RESP more often than not. */
const likeResp = fc
  .array(fc.oneof(fc.constantFrom(...'*$+-:_#,(!=~>%|?\r\n0123456789 "\'tf'), fc.constant('\r\n'), fc.constant('$1\r\na\r\n')), {
    maxLength: 60,
  })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

function itemsOf(from: Side, stream: Uint8Array, sizes: readonly number[] = [Number.POSITIVE_INFINITY]): WireItem[] {
  const conversation = resp.converse({ authority: '', seen: '' });
  const items: WireItem[] = [];
  for (let at = 0, i = 0; at < stream.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    items.push(...conversation.push(from, stream.subarray(at, at + size)));
    at += size;
  }
  return [...items, ...conversation.end(from, 'fin')];
}

const framesOf = (items: readonly WireItem[]): MessageFrame[] =>
  items.flatMap((item) => (item.kind === 'frame' && item.frame.class === 'data' ? [item.frame] : []));
const problemsOf = (items: readonly WireItem[]): CarrierProblem[] =>
  items.flatMap((item) => (item.kind === 'problem' ? [item.problem] : []));
const rawOf = (items: readonly WireItem[]): Uint8Array => concatenate(items.flatMap((item) => ('raw' in item ? item.raw : [])));
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a conversation of RESP', () => {
  it('gives the commands that were written, in any chunking, and every byte in its place', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 8 }), anySizes, (commands, sizes) => {
        const stream = concatenate(commands.map(encodeCommand));
        const items = itemsOf('dialler', stream, sizes);
        expect(framesOf(items)).toEqual(commands.map(commandFrame));
        expect(framesOf(items).map(({ data }) => decodeCommand(data))).toEqual(
          commands.map((args) => ({ ok: true, value: { args, inline: false } })),
        );
        expect(rawOf(items)).toEqual(stream);
      }),
    );
  });

  it('gives the replies that were written, pushes told apart, in any chunking', () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 6 }), anySizes, (replies, sizes) => {
        const stream = concatenate(replies.map(encodeValue));
        const items = itemsOf('acceptor', stream, sizes);
        expect(framesOf(items)).toEqual(replies.map(replyFrame));
        expect(framesOf(items).map(({ kind }) => kind)).toEqual(replies.map(({ type }) => (type === 'push' ? 'push' : 'reply')));
        expect(framesOf(items).map(({ data }) => decodeValue(data))).toEqual(replies.map((value) => ({ ok: true, value })));
        expect(rawOf(items)).toEqual(stream);
      }),
    );
  });

  it.each([
    ['any bytes', fc.uint8Array({ maxLength: 400 })],
    ['bytes that look like it', likeResp],
    [
      'what was written, with a byte changed',
      fc.tuple(fc.array(anyReply, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(255)).map(([replies, at, byte]) => {
        const stream = concatenate(replies.map(encodeValue));
        stream[at % stream.length] = byte;
        return stream;
      }),
    ],
  ])('never throws and loses no byte, whatever comes, and cuts it alike in any chunking: %s', (_name, stream: fc.Arbitrary<Uint8Array>) => {
    fc.assert(
      fc.property(anySide, stream, anySizes, (from, written, sizes) => {
        const items = itemsOf(from, written, sizes);
        const whole = itemsOf(from, written);
        expect(rawOf(items)).toEqual(new Uint8Array(written));
        expect(framesOf(items)).toEqual(framesOf(whole));
        expect(problemsOf(items)).toEqual(problemsOf(whole));
        for (const { data } of framesOf(items)) {
          expect(typeof decodeValue(data).ok).toBe('boolean');
          expect(typeof decodeCommand(data).ok).toBe('boolean');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives no more frames at once than are asked for, and the rest when asked again', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 8 }), anySizes, fc.integer({ min: 1, max: 3 }), (commands, sizes, most) => {
        const conversation = resp.converse({ authority: '', seen: '' });
        const stream = concatenate(commands.map(encodeCommand));
        const items: WireItem[] = [];
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          let some = conversation.push('dialler', stream.subarray(at, at + size), most);
          at += size;
          while (some.length > 0 || conversation.hasMore('dialler')) {
            expect(some.length).toBeLessThanOrEqual(most);
            items.push(...some);
            some = conversation.more('dialler', most);
          }
        }
        expect(framesOf(items)).toEqual(commands.map(commandFrame));
        expect(conversation.frames('dialler')).toBe(commands.length);
      }),
    );
  });

  it('passes bytes as they are exactly where they are whole frames and nothing is waited for', () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 6 }), fc.nat(), (replies, cut) => {
        const written = replies.map(encodeValue);
        const stream = concatenate(written);
        const conversation = resp.converse({ authority: '', seen: '' });
        const borders = [0];
        for (const { length } of written) borders.push((borders.at(-1) ?? 0) + length);
        const at = stream.length === 0 ? 0 : cut % (stream.length + 1);
        const whole = borders.includes(at);
        expect(conversation.passesAsIs('acceptor', stream.subarray(0, at), 100)).toBe(whole);
        conversation.push('acceptor', stream.subarray(0, at));
        expect(conversation.passesAsIs('acceptor', stream.subarray(at), 100)).toBe(whole);
      }),
    );
  });

  test.each([
    ['acceptor', '?x\r\n', 'type'],
    ['acceptor', '$?\r\n', 'length'],
    ['acceptor', '$-2\r\n', 'length'],
    ['acceptor', '%-1\r\n', 'length'],
    ['acceptor', '$\r\n', 'length'],
    ['acceptor', `*${'1'.repeat(21)}\r\n`, 'length'],
    ['acceptor', '+a\n', 'line-end'],
    ['acceptor', '+a\rb\r\n', 'line-end'],
    ['acceptor', '$1\r\nab\r\n', 'line-end'],
    ['dialler', '*1\r\n+PING\r\n', 'type'],
    ['dialler', '*1\r\n*0\r\n', 'type'],
    ['dialler', '*1\r\n$-1\r\n', 'length'],
    ['dialler', 'x'.repeat(LONGEST_INLINE + 1), 'inline'],
  ] as const)('tells once what is no RESP, and passes it and all that follows as bytes: %s %j', (from, text, rule) => {
    const good = from === 'dialler' ? 'PING\r\n' : '+OK\r\n';
    const items = itemsOf(from, bytes(`${good}${text}${good}`), [3]);
    expect(framesOf(items)).toHaveLength(1);
    expect(problemsOf(items)).toMatchObject([{ kind: 'broken-resp', detail: rule }]);
    expect(Buffer.from(rawOf(items)).toString('latin1')).toBe(`${good}${text}${good}`);
    expect(items.findIndex(({ kind }) => kind === 'problem')).toBe(1);
  });

  test.each([
    ['a string', `$${LONGEST_FRAME + 1}\r\n`],
    ['a list', `*${LONGEST_FRAME}\r\n`],
    ['nesting', '*1\r\n'.repeat(10_000)],
    ['attributes in attributes', '|1\r\n'.repeat(10_000)],
  ])('reads nothing further of what is more than is read: %s', (_name, text) => {
    const items = itemsOf('acceptor', bytes(text), [1000]);
    expect(items.filter(({ kind }) => kind === 'unread')).toHaveLength(1);
    expect(problemsOf(items)).toEqual([]);
    expect(rawOf(items)).toHaveLength(text.length);
  });

  it('takes commands in words, and those that are none', () => {
    const frames = framesOf(itemsOf('dialler', bytes("PING\r\n\r\n*0\r\n*-3\r\nset a \"b\\x00\\n c\" 'd\\''\n"), [1]));
    expect(frames.map(({ data }) => decodeCommand(data))).toEqual([
      { ok: true, value: { args: [new Uint8Array(bytes('PING'))], inline: true } },
      { ok: true, value: { args: [], inline: true } },
      { ok: true, value: { args: [], inline: false } },
      { ok: true, value: { args: [], inline: false } },
      { ok: true, value: { args: ['set', 'a', 'b\0\n c', "d'"].map((word) => new Uint8Array(bytes(word))), inline: true } },
    ]);
    expect(decodeCommand(bytes('a "b\r\n')).ok).toBe(false);
    expect(decodeCommand(bytes('a "b"c\r\n')).ok).toBe(false);
  });
});

describe('decoding', () => {
  test.each([
    '',
    '+a',
    '+a\r\n+b\r\n',
    '$3\r\nab\r\n',
    ':x\r\n',
    ':9223372036854775808\r\n',
    '#x\r\n',
    ',x\r\n',
    '(1.5\r\n',
    '=3\r\ntxt\r\n',
  ])('refuses %j', (text) => {
    expect(decodeValue(bytes(text))).toMatchObject({ ok: false });
  });

  test.each(['*1\r\n>0\r\n', '|0\r\n'.repeat(10_000), `*${2 ** 18}\r\n${'_\r\n'.repeat(2 ** 18)}`])('refuses more than is read', (text) => {
    expect(decodeValue(bytes(text))).toMatchObject({ ok: false });
  });

  it('gives canonical bytes for what was written otherwise', () => {
    const decoded = decodeValue(bytes('*2\r\n:+007\r\n$02\r\nab\r\n'));
    expect(decoded.ok && Buffer.from(encodeValue(decoded.value)).toString()).toBe('*2\r\n:7\r\n$2\r\nab\r\n');
  });

  it('refuses to write a status of two lines', () => {
    expect(() => encodeValue({ type: 'simple', data: bytes('a\r\nb') })).toThrow(RangeError);
  });
});
