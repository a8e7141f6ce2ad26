import { ByteQueue, concatenate, type Pieces } from '../../common/byte-queue.ts';
import { type MessageFrame, messageOf } from '../../common/frame.ts';

/** Bytes of the length that stands before each frame, high byte first. */
export const PREFIX = 3;

/** Longest frame: what the prefix can say. */
export const LONGEST_FRAME = 0xff_ff_ff;

/** A frame and the bytes in which it came, its prefix first. */
export interface Deframed {
  readonly frame: MessageFrame;
  readonly raw: Pieces;
}

/**
 * Reads one direction of a stream of frames, each behind its length in three bytes, in whatever chunks it comes. A length is believed
 * only when so many bytes are there: nothing is set aside for it before. Never throws. Chunks must not be written to afterwards.
 */
export class LengthDeframer {
  readonly #queue = new ByteQueue();
  #hasMore = false;
  #frames = 0;

  /** Frames that were read so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether bytes that were taken may complete further frames. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Takes the next bytes and gives the frames that they complete, `most` of them at most: `more` gives the rest. */
  push(chunk: Uint8Array, most = Number.POSITIVE_INFINITY): Deframed[] {
    this.#queue.push(chunk);
    return this.more(most);
  }

  /** Gives frames that earlier bytes complete. */
  more(most: number): Deframed[] {
    const frames: Deframed[] = [];
    this.#hasMore = false;
    for (;;) {
      const prefix = this.#queue.peek(PREFIX);
      if (prefix.length < PREFIX) break;
      const length = lengthAt(prefix, 0);
      if (this.#queue.length < PREFIX + length) break;
      if (frames.length >= most) {
        this.#hasMore = true;
        break;
      }
      const raw = this.#queue.take(PREFIX + length);
      this.#frames += 1;
      frames.push({ frame: messageOf(bodyOf(raw, length)), raw });
    }
    return frames;
  }

  /** Whether these bytes, coming next, are whole frames, `most` of them or fewer. Reads lengths only. */
  areWholeFrames(chunk: Uint8Array, most: number): boolean {
    if (this.#queue.length > 0) return false;
    let at = 0;
    for (let count = 0; at < chunk.length; count += 1) {
      if (count >= most || chunk.length - at < PREFIX) return false;
      at += PREFIX + lengthAt(chunk, at);
    }
    return at === chunk.length;
  }

  /** The stream is over: gives what is left of a frame that was not whole. */
  end(): Pieces {
    return this.#queue.take(this.#queue.length);
  }
}

/** A frame behind its length. Throws a RangeError where the prefix cannot say it. */
export function withLength(data: Uint8Array): Uint8Array {
  if (data.length > LONGEST_FRAME) throw new RangeError(`a frame holds at most ${LONGEST_FRAME} bytes, not ${data.length}`);
  return concatenate([Uint8Array.of(data.length >> 16, (data.length >> 8) & 0xff, data.length & 0xff), data]);
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 65_536 + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0);
}

/** What stands behind the prefix: a view of the only piece, else bytes of its own. */
function bodyOf(raw: Pieces, length: number): Uint8Array {
  const [only, second] = raw;
  // Never a Buffer, whatever the chunk is: values that are read from it must be of one kind.
  if (only !== undefined && second === undefined) return new Uint8Array(only.buffer, only.byteOffset + PREFIX, length);
  return concatenate(raw).subarray(PREFIX);
}
