import { ByteQueue, concatenate, type Pieces } from '../../common/byte-queue.ts';
import type { Frame, Side } from '../../common/frame.ts';
import { isBetterLate, LateMessage } from '../late-message.ts';
import { applyMask, copyUnmasked, type FrameHeader, LONGEST_HEADER, opcodes, readHeader } from './header.ts';
import { Slab } from './slab.ts';
import { HeadEnd, isInterim, LONGEST_HEAD, switchesProtocols } from './upgrade.ts';

/** Messages longer than this (256 MiB) are not reassembled; the direction becomes opaque. */
export const LONGEST_MESSAGE = 256 * 1024 * 1024;

/** A message in more fragments than this is not reassembled either, be they ever so short. */
export const MOST_FRAGMENTS = 128 * 1024;

/** The head of the upgrade request or response, blank line included. */
export interface PreambleItem {
  readonly kind: 'preamble';
  readonly raw: Pieces;
}

/** One frame as protocols see it; a fragmented message comes with its last fragment. */
export interface FrameItem {
  readonly kind: 'frame';
  /** The bytes in which it came, without those that were `fragments` items before. */
  readonly raw: Pieces;
  readonly frame: Frame;
}

/** Fragments of a message that is not whole when a keep-alive comes between them. The message, or an opaque item, follows. */
export interface FragmentsItem {
  readonly kind: 'fragments';
  readonly raw: Pieces;
}

/** Bytes that are no frame: what follows a violation or a refused upgrade, or a message that never became whole. */
export interface OpaqueItem {
  readonly kind: 'opaque';
  readonly raw: Pieces;
  /** The violation of RFC 6455 that begins here, if one does. */
  readonly error: string | undefined;
  /** What begins here breaks no rule; it is longer than what is read. */
  readonly beyond?: true;
}

/** A stretch of the stream. The `raw` of all items, one after the other, are the stream's bytes. */
export type DeframedItem = PreambleItem | FrameItem | FragmentsItem | OpaqueItem;

/** Fragments of a message so far. */
interface UnfinishedMessage {
  readonly text: boolean;
  /** Bytes not given out yet. */
  raw: Uint8Array[];
  readonly data: Uint8Array[];
  length: number;
}

type State = 'head' | 'frames' | 'opaque';

/**
 * Reads one direction of a WebSocket connection, from its first byte, in whatever chunks it comes. Items come out when
 * they are whole; time is linear in the bytes, and what is kept is bounded by one message. Never throws. Chunks must
 * not be written to afterwards: items are views of them.
 */
export class WebSocketDeframer {
  readonly #from: Side;
  readonly #longestMessage: number;
  readonly #queue = new ByteQueue();
  readonly #headEnd = new HeadEnd();
  readonly #memory = new Slab();
  #state: State = 'head';
  #partial: UnfinishedMessage | undefined;
  #hasMore = false;
  #frames = 0;

  /** `from` is the side that sends these bytes. */
  constructor(from: Side, longestMessage = LONGEST_MESSAGE) {
    this.#from = from;
    this.#longestMessage = longestMessage;
  }

  /**
   * Takes the next bytes and returns the items that they complete; of no more than `most` frames, fragments counted, where that is
   * said: `more` returns the rest.
   */
  push(chunk: Uint8Array, most = Number.POSITIVE_INFINITY): DeframedItem[] {
    if (chunk.length === 0) return [];
    if (this.#state === 'opaque') return [opaque([chunk])];
    if (this.#state === 'head') return this.#readHead(chunk, most);
    this.#queue.push(chunk);
    return this.#readFrames(most);
  }

  /** Frames that were read so far, fragments counted. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether bytes that were taken may complete further items. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Returns items that earlier bytes complete, of `most` frames at most. */
  more(most: number): DeframedItem[] {
    return this.#readFrames(most);
  }

  /** Whether these bytes, coming next, are whole messages of one frame each, `most` of them or fewer, and nothing else. Reads headers only. */
  areWholeMessages(chunk: Uint8Array, most = Number.POSITIVE_INFINITY): boolean {
    if (this.#state !== 'frames' || this.#partial !== undefined || this.#queue.length > 0) return false;
    let at = 0;
    for (let count = 0; at < chunk.length; count += 1) {
      if (count >= most) return false;
      const reading = readHeader(chunk, this.#from, at);
      if (reading.kind !== 'header') return false;
      const { fin, opcode, headerLength, payloadLength } = reading.header;
      if (!fin || (opcode !== opcodes.text && opcode !== opcodes.binary) || payloadLength > this.#longestMessage) return false;
      at += headerLength + payloadLength;
    }
    return at === chunk.length;
  }

  /** The stream is over: returns what is left of an item that was not whole. */
  end(): DeframedItem[] {
    this.#state = 'opaque';
    return this.#rest(undefined);
  }

  #readHead(chunk: Uint8Array, most: number): DeframedItem[] {
    const before = this.#queue.length;
    const end = this.#headEnd.find(chunk);
    this.#queue.push(chunk);
    if (end === undefined) return this.#queue.length > LONGEST_HEAD ? this.#beyond(`upgrade head exceeds ${LONGEST_HEAD} bytes`) : [];
    const raw = this.#queue.take(before + end);
    if (this.#from === 'acceptor' && isInterim(concatenate(raw))) {
      const rest = concatenate(this.#queue.take(this.#queue.length));
      return [opaque(raw), ...this.push(rest, most)];
    }
    const upgraded = this.#from === 'dialler' || switchesProtocols(concatenate(raw));
    this.#state = upgraded ? 'frames' : 'opaque';
    return [{ kind: 'preamble', raw }, ...(upgraded ? this.#readFrames(most) : this.#rest(undefined))];
  }

  #readFrames(most: number): DeframedItem[] {
    const items: DeframedItem[] = [];
    this.#hasMore = false;
    for (let count = 0; this.#state === 'frames'; count += 1) {
      if (count >= most) {
        this.#hasMore = true;
        break;
      }
      const reading = readHeader(this.#queue.peek(LONGEST_HEADER), this.#from);
      if (reading.kind === 'incomplete') break;
      if (reading.kind === 'violation') {
        items.push(...this.#violation(reading.error));
        break;
      }
      const { header } = reading;
      const error = this.#misplaced(header);
      const long = error === undefined ? this.#tooLong(header) : undefined;
      if (error !== undefined || long !== undefined) {
        items.push(...(error === undefined ? this.#beyond(long) : this.#violation(error)));
        break;
      }
      const total = header.headerLength + header.payloadLength;
      if (this.#queue.length < total) break;
      const raw = this.#queue.take(total);
      this.#frames += 1;
      items.push(...this.#frame(header, raw));
    }
    return items;
  }

  /** Why a well-formed header may not stand here. */
  #misplaced(header: FrameHeader): string | undefined {
    if (header.opcode === opcodes.close && header.payloadLength === 1) return 'close frame with half a code';
    if (header.opcode >= opcodes.close) return undefined;
    if (header.opcode === opcodes.continuation && this.#partial === undefined) return 'continuation of no message';
    if (header.opcode !== opcodes.continuation && this.#partial !== undefined) return 'new message before the last one was whole';
    return undefined;
  }

  #tooLong(header: FrameHeader): string | undefined {
    if (header.opcode < opcodes.close && (this.#partial?.data.length ?? 0) >= MOST_FRAGMENTS)
      return `message of more than ${MOST_FRAGMENTS} fragments`;
    const length = (header.opcode < opcodes.close ? (this.#partial?.length ?? 0) : 0) + header.payloadLength;
    return length > this.#longestMessage ? `message of ${length} bytes or more; the longest read is ${this.#longestMessage}` : undefined;
  }

  #frame(header: FrameHeader, raw: Uint8Array[]): DeframedItem[] {
    const payload = () => payloadOf(header, raw, this.#memory);
    switch (header.opcode) {
      case opcodes.ping:
      case opcodes.pong:
        return this.#keepAlive({ kind: header.opcode === opcodes.ping ? 'ping' : 'pong', class: 'upkeep', data: payload() }, raw);
      case opcodes.close: {
        const abandoned = this.#abandonPartial();
        return [...abandoned, { kind: 'frame', raw, frame: closeFrame(payload()) }];
      }
      default:
        return this.#data(header, raw, payload);
    }
  }

  #keepAlive(frame: Frame, raw: Uint8Array[]): DeframedItem[] {
    const item: FrameItem = { kind: 'frame', raw, frame };
    if (this.#partial === undefined) return [item];
    const fragments: FragmentsItem = { kind: 'fragments', raw: this.#partial.raw };
    this.#partial.raw = [];
    return [fragments, item];
  }

  #data(header: FrameHeader, raw: Uint8Array[], payload: () => Uint8Array): DeframedItem[] {
    if (header.fin && this.#partial === undefined) {
      const text = header.opcode === opcodes.text;
      return [
        {
          kind: 'frame',
          raw,
          frame: isBetterLate(header.payloadLength, raw.length)
            ? new LateMessage({ kind: 'message', text }, header.payloadLength, payload)
            : { kind: 'message', class: 'data', text, data: payload() },
        },
      ];
    }
    this.#partial ??= { text: header.opcode === opcodes.text, raw: [], data: [], length: 0 };
    const partial = this.#partial;
    append(partial.raw, raw);
    partial.data.push(payload());
    partial.length += header.payloadLength;
    if (!header.fin) return [];
    this.#partial = undefined;
    const frame: Frame = { kind: 'message', class: 'data', text: partial.text, data: concatenate(partial.data) };
    return [{ kind: 'frame', raw: partial.raw, frame }];
  }

  #abandonPartial(): DeframedItem[] {
    const partial = this.#partial;
    this.#partial = undefined;
    return partial === undefined ? [] : [opaque(partial.raw)];
  }

  #violation(error: string): DeframedItem[] {
    this.#state = 'opaque';
    return this.#rest(error);
  }

  #beyond(error: string | undefined): DeframedItem[] {
    return this.#violation(error ?? '').map((item) =>
      item.kind === 'opaque' && item.error !== undefined ? { ...item, beyond: true } : item,
    );
  }

  #rest(error: string | undefined): DeframedItem[] {
    const abandoned = this.#abandonPartial();
    const raw = this.#queue.take(this.#queue.length);
    return raw.length === 0 && error === undefined ? abandoned : [...abandoned, { kind: 'opaque', raw, error }];
  }
}

function opaque(raw: Pieces): OpaqueItem {
  return { kind: 'opaque', raw, error: undefined };
}

/** Spreading into push would overflow the stack where a frame came in very many pieces. */
function append(pieces: Uint8Array[], more: Pieces): void {
  for (const piece of more) pieces.push(piece);
}

/** A payload without its mask: a view of the only piece where that has none, else bytes of its own. */
function payloadOf({ headerLength, payloadLength, mask }: FrameHeader, raw: Pieces, memory: Slab): Uint8Array {
  const [only, second] = raw;
  if (only !== undefined && second === undefined) {
    // Never a Buffer, whatever the chunk is: values that are read from it must be of one kind.
    if (mask === undefined) return new Uint8Array(only.buffer, only.byteOffset + headerLength, payloadLength);
    const payload = memory.take(payloadLength);
    copyUnmasked(only, headerLength, mask, payload);
    return payload;
  }
  const payload = memory.take(payloadLength);
  let at = -headerLength;
  for (const piece of raw) {
    const skip = Math.min(Math.max(-at, 0), piece.length);
    if (skip < piece.length) payload.set(piece.subarray(skip), at + skip);
    at += piece.length;
  }
  if (mask !== undefined) applyMask(payload, mask);
  return payload;
}

function closeFrame(payload: Uint8Array): Frame {
  const [high, low] = payload;
  if (high === undefined || low === undefined) return { kind: 'close', class: 'closing', code: undefined, reason: '' };
  return { kind: 'close', class: 'closing', code: high * 256 + low, reason: new TextDecoder().decode(payload.subarray(2)) };
}
