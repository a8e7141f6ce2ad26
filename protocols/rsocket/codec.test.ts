import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode.ts';
import { encodeFrame, frameLength } from './encode.ts';
import { FLAG, FRAME_TYPES, type FrameType, LARGEST_FRAME } from './frame.ts';
import { workedBytes } from './testing/worked-bytes.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('the bytes of the notes', () => {
  it.each(workedBytes)('%s is written', (_what, frame, hex) => {
    expect(hexOf(encodeFrame(frame))).toBe(hex.replaceAll(' ', ''));
    expect(frameLength(frame)).toBe(fromHex(hex).length);
  });
  it.each(workedBytes)('%s is read', (_what, frame, hex) => {
    const decoded = decodeFrame(fromHex(hex));
    expect(decoded.ok && { ...decoded.message, metadata: decoded.message.metadata && hexOf(decoded.message.metadata) }).toEqual({
      ...frame,
      metadata: frame.metadata && hexOf(frame.metadata),
    });
  });
});

describe('any bytes', () => {
  const valid = fc.constantFrom(...workedBytes.map(([, , hex]) => fromHex(hex)));
  const header = fc.tuple(fc.nat(0xff_ff_ff_ff), fc.nat(0xffff)).map(([id, word]) => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt32BE(id);
    bytes.writeUInt16BE(word, 4);
    return new Uint8Array(bytes);
  });
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.tuple(header, fc.uint8Array({ maxLength: 80 })).map(([head, body]) => Uint8Array.from([...head, ...body])),
    fc.tuple(valid, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }), fc.nat(100)).map(([bytes, changes, cut]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy.subarray(0, Math.max(0, copy.length - (cut > 50 ? 0 : cut)));
    }),
  );

  it('what can be read is written as it was', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        const decoded = decodeFrame(bytes);
        if (!decoded.ok) return;
        expect(hexOf(encodeFrame(decoded.message))).toBe(hexOf(bytes));
        expect(frameLength(decoded.message)).toBe(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('no part is larger than the bytes it came from, nor a copy of them', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        const decoded = decodeFrame(bytes);
        if (!decoded.ok) return;
        const { data, metadata } = decoded.message;
        expect(data.length + (metadata?.length ?? 0)).toBeLessThanOrEqual(bytes.length);
        expect(data.buffer).toBe(bytes.buffer);
      }),
    );
  });
});

describe('bytes that are no frame', () => {
  it.each([
    ['nothing', '', 'short'],
    ['half a header', '00 00 00', 'short'],
    ['a SETUP without its times', '00 00 00 00 04 00 00 01 00 00', 'short'],
    ['a SETUP whose token is longer than the frame', '00 00 00 00 04 80 00 01 00 00 00 00 00 01 00 00 00 01 ff ff 61', 'short'],
    ['a SETUP whose MIME type is longer than the frame', '00 00 00 00 04 00 00 01 00 00 00 00 00 01 00 00 00 01 ff 61', 'short'],
    ['a REQUEST_STREAM without its n', '00 00 00 01 18 00 00 00', 'short'],
    ['a KEEPALIVE with half a position', '00 00 00 00 0c 80 00 00 00 00', 'short'],
    ['an ERROR without a code', '00 00 00 01 2c 00', 'short'],
    ['a metadata length one too large', '00 00 00 01 11 00 00 00 03 6d 64', 'metadata-length'],
    ['the largest metadata length', '00 00 00 01 11 00 ff ff ff 6d 64', 'metadata-length'],
    ['two bytes where the metadata length takes three', '00 00 00 01 11 00 00 00', 'metadata-length'],
  ])('%s', (_what, hex, problem) => {
    expect(decodeFrame(fromHex(hex))).toMatchObject({ ok: false, problem });
  });

  it('a frame of a byte too many', () => {
    const bytes = new Uint8Array(LARGEST_FRAME + 1);
    bytes.set([0, 0, 0, 1, 0x10, 0]);
    expect(decodeFrame(bytes)).toMatchObject({ ok: false, problem: 'long' });
    expect(decodeFrame(bytes.subarray(1 - 1, LARGEST_FRAME))).toMatchObject({ ok: true });
  });
});

describe('what is not the value', () => {
  it('top bits are told apart from the numbers they stand before', () => {
    const decoded = decodeFrame(fromHex('80 00 00 05 20 00 80 00 00 02'));
    expect(decoded).toMatchObject({ ok: true, message: { streamId: 5, n: 2, reserved: ['streamId', 'n'] } });
  });

  it('every combination of type and flags is written as it was read', () => {
    for (const type of Object.keys(FRAME_TYPES) as FrameType[]) {
      for (let flags = 0; flags < 0x400; flags += 1) {
        const bytes = new Uint8Array(40);
        bytes[4] = (FRAME_TYPES[type] << 2) | (flags >> 8);
        bytes[5] = flags & 0xff;
        const decoded = decodeFrame(bytes);
        expect(decoded).toMatchObject({ ok: true, message: { type, flags } });
        if (decoded.ok) expect(hexOf(encodeFrame(decoded.message))).toBe(hexOf(bytes));
      }
    }
  });

  it('empty metadata is not missing metadata', () => {
    const empty = decodeFrame(fromHex('00 00 00 01 29 20 00 00 00 68'));
    const missing = decodeFrame(fromHex('00 00 00 01 28 20 68'));
    expect(empty.ok && empty.message.metadata).toEqual(new Uint8Array());
    expect(missing.ok && missing.message.metadata).toBeUndefined();
    expect(empty.ok && (empty.message.flags & FLAG.METADATA) !== 0).toBe(true);
  });

  it('positions beyond 2^53 stay exact', () => {
    expect(decodeFrame(fromHex('00 00 00 00 38 00 7f ff ff ff ff ff ff fe'))).toMatchObject({
      message: { position: 0x7f_ff_ff_ff_ff_ff_ff_fen },
    });
  });
});
