import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenate } from '../../common/byte-queue.ts';
import { bodyLength, type Frame, type Side } from '../../common/frame.ts';
import { type DeframedItem, WebSocketDeframer } from './deframer.ts';
import { encodeFrame } from './framer.ts';
import { withoutExtensions } from './upgrade.ts';

const request = Buffer.from('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
const response = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
const mask = Uint8Array.of(1, 0x80, 0xff, 7);

function headOf(from: Side): Uint8Array {
  return from === 'dialler' ? request : response;
}

/** All items of a stream cut into chunks of these sizes (the last repeats), its end included. */
function deframe(from: Side, stream: Uint8Array, sizes: readonly number[] = [stream.length], longest?: number): DeframedItem[] {
  const deframer = new WebSocketDeframer(from, longest);
  const items: DeframedItem[] = [];
  let at = 0;
  for (let i = 0; at < stream.length; i += 1) {
    const size = Math.max(sizes[Math.min(i, sizes.length - 1)] ?? 1, 1);
    items.push(...deframer.push(stream.subarray(at, at + size)));
    at += size;
  }
  return [...items, ...deframer.end()];
}

function framesOf(items: readonly DeframedItem[]): Frame[] {
  return items.flatMap((item) => (item.kind === 'frame' ? [plain(item.frame)] : []));
}

/** A frame with its body as plain values; the length that a message says of itself must be that of its body. */
function plain(frame: Frame): Frame {
  if (frame.class !== 'data') return frame;
  expect(bodyLength(frame)).toBe(frame.data.length);
  return { kind: 'message', class: 'data', text: frame.text, data: frame.data };
}

function errorsOf(items: readonly DeframedItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'opaque' && item.error !== undefined ? [item.error] : []));
}

function rawOf(items: readonly DeframedItem[]): Uint8Array {
  return concatenate(items.flatMap((item) => item.raw));
}

function stream(from: Side, frames: readonly (Frame | Uint8Array)[], fragments = 1): Uint8Array {
  const framing = { mask: from === 'dialler' ? mask : undefined, fragments };
  return concatenate([headOf(from), ...frames.map((frame) => (frame instanceof Uint8Array ? frame : encodeFrame(frame, framing)))]);
}

const anySide = fc.constantFrom<Side>('dialler', 'acceptor');
const anySizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 });
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    kind: fc.constant('message'),
    class: fc.constant('data' as const),
    text: fc.boolean(),
    data: fc.uint8Array({ maxLength: 400 }),
  }),
  fc.record({ kind: fc.constantFrom('ping', 'pong'), class: fc.constant('upkeep' as const), data: fc.uint8Array({ maxLength: 125 }) }),
  fc.record({
    kind: fc.constant('close'),
    class: fc.constant('closing' as const),
    code: fc.integer({ min: 1000, max: 4999 }),
    reason: fc.string({ maxLength: 30 }),
  }),
  fc.constant({ kind: 'close', class: 'closing' as const, code: undefined, reason: '' }),
);

describe('WebSocketDeframer', () => {
  it('gives back the frames that were framed, however fragmented and chunked', () => {
    fc.assert(
      fc.property(anySide, fc.array(anyFrame), fc.integer({ min: 1, max: 5 }), anySizes, (from, frames, fragments, sizes) => {
        const items = deframe(from, stream(from, frames, fragments), sizes);
        expect(framesOf(items)).toEqual(frames);
        expect(items[0]).toEqual(expect.objectContaining({ kind: 'preamble' }));
        expect(rawOf(items.slice(0, 1))).toEqual(new Uint8Array(headOf(from)));
        expect(errorsOf(items)).toEqual([]);
      }),
    );
  });

  it('keeps every byte in its place, frames or garbage', () => {
    const anyPart = fc.oneof(anyFrame, fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(anySide, fc.array(anyPart), fc.integer({ min: 1, max: 3 }), anySizes, fc.nat(), (from, parts, fragments, sizes, cut) => {
        const whole = stream(from, parts, fragments);
        const bytes = whole.subarray(0, whole.length - (cut % 50));
        expect(rawOf(deframe(from, bytes, sizes))).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('tells the same items whatever the chunks', () => {
    const whole = (items: readonly DeframedItem[]) =>
      items.flatMap((item) =>
        item.kind === 'opaque' ? [] : [{ ...item, raw: rawOf([item]), ...(item.kind === 'frame' ? { frame: plain(item.frame) } : {}) }],
      );
    fc.assert(
      fc.property(anySide, fc.array(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 9 }))), anySizes, (from, parts, sizes) => {
        const bytes = stream(from, parts);
        expect(whole(deframe(from, bytes, sizes))).toEqual(whole(deframe(from, bytes)));
        expect(errorsOf(deframe(from, bytes, sizes))).toEqual(errorsOf(deframe(from, bytes)));
      }),
    );
  });

  it.each([125, 126, 65_535, 65_536, 70_000])('reads a message of %i bytes', (length) => {
    const data = new Uint8Array(length).map((_, i) => i % 251);
    const items = deframe('dialler', stream('dialler', [{ kind: 'message', class: 'data', text: false, data }]), [1000]);
    expect(framesOf(items)).toEqual([{ kind: 'message', class: 'data', text: false, data }]);
  });

  it('gives out the fragments before a keep-alive, the keep-alive, then the whole message', () => {
    const first = Uint8Array.of(0x01, 1, 0x61);
    const ping = encodeFrame({ kind: 'ping', class: 'upkeep', data: Uint8Array.of(9) }, { mask: undefined });
    const last = Uint8Array.of(0x80, 1, 0x62);
    const items = deframe('acceptor', stream('acceptor', [first, ping, last]), [1]).slice(1);
    expect(items.map((item) => item.kind)).toEqual(['fragments', 'frame', 'frame']);
    expect(items.map((item) => rawOf([item]))).toEqual([first, ping, last]);
    expect(framesOf(items)).toEqual([
      { kind: 'ping', class: 'upkeep', data: Uint8Array.of(9) },
      { kind: 'message', class: 'data', text: true, data: Uint8Array.of(0x61, 0x62) },
    ]);
  });

  it('gives up a message that a close frame interrupts', () => {
    const items = deframe(
      'acceptor',
      stream('acceptor', [Uint8Array.of(0x01, 1, 0x61), { kind: 'close', class: 'closing', code: 1001, reason: 'bye' }]),
    );
    expect(items.slice(1).map((item) => item.kind)).toEqual(['opaque', 'frame']);
    expect(framesOf(items)).toEqual([{ kind: 'close', class: 'closing', code: 1001, reason: 'bye' }]);
  });

  it.each<[string, Side, number[], RegExp]>([
    ['reserved bits', 'acceptor', [0xc1, 0], /reserved bits/],
    ['a reserved data opcode', 'acceptor', [0x83, 0], /reserved opcode 3/],
    ['a reserved control opcode', 'acceptor', [0x8b, 0], /reserved opcode 11/],
    ['a fragmented control frame', 'acceptor', [0x09, 0], /fragmented/],
    ['a long control frame', 'acceptor', [0x89, 126, 0, 126], /longer than 125/],
    ['a mask from the server', 'acceptor', [0x81, 0x80, 0, 0, 0, 0], /server frame is masked/],
    ['no mask from the client', 'dialler', [0x81, 0], /not masked/],
    ['a 16-bit length that fits seven bits', 'acceptor', [0x82, 126, 0, 125], /shortest/],
    ['a 64-bit length that fits sixteen bits', 'acceptor', [0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff], /shortest/],
    ['a length past 53 bits', 'acceptor', [0x82, 127, 0x7f, 0, 0, 0, 0, 0, 0, 0], /53 bits/],
    ['a message past the limit', 'acceptor', [0x82, 126, 0x10, 0x00], /4096 bytes/],
    ['a continuation of nothing', 'acceptor', [0x80, 0], /continuation of no message/],
    ['a message within a message', 'acceptor', [0x01, 0, 0x81, 0], /before the last one was whole/],
    ['half a close code', 'acceptor', [0x88, 1, 3], /half a code/],
  ])('reports %s and passes the rest as opaque', (_name, from, bytes, error) => {
    const after = encodeFrame({ kind: 'message', class: 'data', text: true, data: new Uint8Array(0) }, { mask: undefined });
    const items = deframe(from, stream(from, [Uint8Array.from(bytes), after]), [1], 4095);
    expect(errorsOf(items)).toEqual([expect.stringMatching(error)]);
    expect(framesOf(items)).toEqual([]);
  });

  it('reads nothing as frames after a refused upgrade', () => {
    const bytes = Buffer.from('HTTP/1.1 503 Service Unavailable\r\n\r\n\u0081\u0000', 'latin1');
    expect(deframe('acceptor', bytes).map((item) => item.kind)).toEqual(['preamble', 'opaque']);
  });

  it('gives up a head that does not end', () => {
    const items = deframe('dialler', new Uint8Array(70_000).fill(0x61), [1000]);
    expect(errorsOf(items)).toEqual([expect.stringMatching(/head exceeds/)]);
  });

  it('reads a message of 100 MB in chunks of 64 KiB', () => {
    const payload = new Uint8Array(100_000_000);
    const bytes = stream('acceptor', [{ kind: 'message', class: 'data', text: false, data: payload }]);
    const [frame] = framesOf(deframe('acceptor', bytes, [65_536]));
    expect(frame?.class === 'data' && frame.data.length).toBe(payload.length);
  });
});

describe('areWholeMessages', () => {
  const anyPiece = fc.oneof(anyFrame, fc.uint8Array({ maxLength: 9 }));

  it('is true only of chunks that come out as messages of one frame each, with nothing held back', () => {
    fc.assert(
      fc.property(anySide, fc.array(anyPiece), fc.integer({ min: 1, max: 3 }), anySizes, (from, pieces, fragments, sizes) => {
        const deframer = new WebSocketDeframer(from, 300);
        const bytes = stream(from, pieces, fragments);
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const chunk = bytes.subarray(at, at + (sizes[i % sizes.length] ?? 1));
          const whole = deframer.areWholeMessages(chunk);
          const items = deframer.push(chunk);
          if (whole) {
            expect(items.map((item) => (item.kind === 'frame' ? item.frame.kind : item.kind))).toEqual(items.map(() => 'message'));
            expect(rawOf(items)).toEqual(Uint8Array.from(chunk));
          }
          at += chunk.length;
        }
      }),
    );
  });

  it('is true of every chunk of whole messages after the head', () => {
    const message = anyFrame.filter(({ kind }) => kind === 'message');
    fc.assert(
      fc.property(anySide, fc.array(message, { minLength: 1 }), (from, frames) => {
        const deframer = new WebSocketDeframer(from);
        const head = headOf(from);
        expect(deframer.areWholeMessages(head)).toBe(false);
        deframer.push(head);
        expect(deframer.areWholeMessages(stream(from, frames).subarray(head.length))).toBe(true);
      }),
    );
  });
});

describe('encodeFrame', () => {
  it('refuses what no frame can carry', () => {
    expect(() => encodeFrame({ kind: 'ping', class: 'upkeep', data: new Uint8Array(126) }, { mask })).toThrow(/125/);
    expect(() => encodeFrame({ kind: 'close', class: 'closing', code: undefined, reason: 'x' }, { mask })).toThrow(/code/);
    expect(() => encodeFrame({ kind: 'message', class: 'data', text: true, data: new Uint8Array(1) }, { mask, fragments: 0 })).toThrow(
      /fragments/,
    );
  });

  it('does not touch the data it masks', () => {
    const data = Uint8Array.of(1, 2, 3);
    encodeFrame({ kind: 'message', class: 'data', text: false, data }, { mask });
    expect(data).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('withoutExtensions', () => {
  const head = (...lines: string[]) => new Uint8Array(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));

  it('removes the field in any case, repeated or folded, and nothing else', () => {
    const stripped = withoutExtensions(
      head(
        'GET / HTTP/1.1',
        'SEC-WebSocket-Extensions: permessage-deflate;',
        ' client_max_window_bits',
        'Host: a',
        'sec-websocket-extensions:x',
      ),
    );
    expect(stripped).toEqual(head('GET / HTTP/1.1', 'Host: a'));
  });

  it('returns the same bytes where there is no such field', () => {
    const bytes = head('GET /?sec-websocket-extensions: HTTP/1.1', 'X-Sec-WebSocket-Extensions: \u00e9');
    expect(withoutExtensions(bytes)).toBe(bytes);
  });
});
