import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenate } from '../../common/byte-queue.ts';
import type { WireItem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import { tcp } from './carrier.ts';
import { LengthDeframer, LONGEST_FRAME, withLength } from './deframer.ts';

const anySide = fc.constantFrom<Side>('dialler', 'acceptor');
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
const anyBodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });

/** A stream in chunks of these sizes, over and over. */
function chunksOf(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < stream.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function itemsOf(from: Side, chunks: readonly Uint8Array[]): WireItem[] {
  const conversation = tcp.converse({ authority: '', seen: '' });
  return [...chunks.flatMap((chunk) => conversation.push(from, chunk)), ...conversation.end(from, 'fin')];
}

const bodiesOf = (items: readonly WireItem[]): Uint8Array[] =>
  items.flatMap((item) => (item.kind === 'frame' && item.frame.class === 'data' ? [item.frame.data] : []));
const rawOf = (items: readonly WireItem[]): Uint8Array => concatenate(items.flatMap((item) => ('raw' in item ? item.raw : [])));

describe('a stream of frames behind their lengths', () => {
  it('gives back the frames that were framed, in any chunking', () => {
    fc.assert(
      fc.property(anySide, anyBodies, anySizes, (from, bodies, sizes) => {
        const stream = concatenate(bodies.map(withLength));
        const items = itemsOf(from, chunksOf(stream, sizes));
        expect(bodiesOf(items)).toEqual(bodies);
        expect(rawOf(items)).toEqual(stream);
      }),
    );
  });

  it('keeps every byte in its place, whatever they are', () => {
    fc.assert(
      fc.property(anySide, fc.uint8Array({ maxLength: 600 }), anySizes, (from, stream, sizes) => {
        expect(rawOf(itemsOf(from, chunksOf(stream, sizes)))).toEqual(stream);
      }),
    );
  });

  it('gives no more frames at once than are asked for, and the rest when asked again', () => {
    fc.assert(
      fc.property(anyBodies, anySizes, fc.integer({ min: 1, max: 4 }), (bodies, sizes, most) => {
        const conversation = tcp.converse({ authority: '', seen: '' });
        const items: WireItem[] = [];
        for (const chunk of chunksOf(concatenate(bodies.map(withLength)), sizes)) {
          let some = conversation.push('dialler', chunk, most);
          while (some.length > 0 || conversation.hasMore('dialler')) {
            expect(some.length).toBeLessThanOrEqual(most);
            items.push(...some);
            some = conversation.more('dialler', most);
          }
        }
        expect(bodiesOf(items)).toEqual(bodies);
        expect(conversation.frames('dialler')).toBe(bodies.length);
      }),
    );
  });

  it('passes bytes as they are exactly where they are whole frames and nothing is waited for', () => {
    fc.assert(
      fc.property(anyBodies, fc.nat(), (bodies, cut) => {
        const stream = concatenate(bodies.map(withLength));
        const conversation = tcp.converse({ authority: '', seen: '' });
        const borders = [0];
        for (const body of bodies) borders.push((borders.at(-1) ?? 0) + 3 + body.length);
        const at = stream.length === 0 ? 0 : cut % (stream.length + 1);
        expect(conversation.passesAsIs('acceptor', stream.subarray(0, at), 100)).toBe(borders.includes(at));
        conversation.push('acceptor', stream.subarray(0, at));
        const whole = borders.includes(at);
        expect(conversation.passesAsIs('acceptor', stream.subarray(at), 100)).toBe(whole);
      }),
    );
  });

  it('knows an empty frame and the longest there is', () => {
    const [empty, longest] = [new Uint8Array(0), new Uint8Array(LONGEST_FRAME).fill(7)];
    const items = itemsOf('dialler', chunksOf(concatenate([withLength(empty), withLength(longest)]), [65_536]));
    expect(bodiesOf(items).map(({ length }) => length)).toEqual([0, LONGEST_FRAME]);
    expect(() => withLength(new Uint8Array(LONGEST_FRAME + 1))).toThrow(/at most 16777215 bytes, not 16777216/);
  });

  it('sets nothing aside for a length that nobody has seen the bytes of', () => {
    const deframer = new LengthDeframer();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1000; i += 1) expect(deframer.push(Uint8Array.of(i === 0 ? 0xff : 0))).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 ** 2);
    expect(concatenate(deframer.end()).length).toBe(1000);
  });
});
