import { ByteQueue } from '../../common/byte-queue.ts';
import type { Part } from '../../common/frame.ts';
import { chunkSize, LONGEST_CHUNK_LINE } from './chunk-line.ts';
import { FrameBuilder, type ReadFrame } from './frame-builder.ts';
import { type BodyFraming, framingOf } from './framing.ts';
import { type Fault, type HttpHead, type RequestHead, readHead, readTrailers } from './head.ts';
import { LineBuffer } from './line-buffer.ts';

/** Longest head, and longest trailers, bytes; servers refuse what is longer than some kibibytes. */
export const LONGEST_HEAD = 1024 ** 2;

/** Most chunks in one frame, each of which is remembered: as many as a message of WebSocket may have fragments. */
export const MOST_CHUNKS = 128 * 1024;

/** Most bytes of a body in one frame. */
export const LONGEST_DATA = 64 * 1024 ** 2;

/**
 * Where the first frame of what is left of a body ends: it has `length` bytes, or where it is not `whole` yet, at least so many are
 * needed to tell. `beginning` gives its first bytes, as many as are there.
 */
export type Border = (beginning: (most: number) => Uint8Array) => { readonly length: number; readonly whole: boolean };

/** How the bodies behind a head are cut into frames; undefined for those that are one frame. */
export type Cut = (head: HttpHead, request: RequestHead | undefined) => Border | undefined;

/** What one direction of a connection shows. Stretches follow each other without a gap: `bytes` is the length of each on the wire. */
export type Seen =
  | ({ readonly kind: 'frame' } & ReadFrame)
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'broken'; readonly fault: Fault }
  | { readonly kind: 'unread'; readonly error: string };

/** What a reader must know of the other direction. */
export interface Exchanges {
  /** A head was read: which exchange it belongs to, and the request there. An answer below 200 is followed by another. */
  begin(head: HttpHead): { readonly exchange: number; readonly request: RequestHead | undefined };
  /** Of what is no head: the exchange that it stands in for. */
  next(): number;
}

type State =
  | { readonly at: 'head' }
  | { readonly at: 'length'; left: number }
  | { readonly at: 'close' }
  | { readonly at: 'chunk-line'; readonly first: boolean }
  | { readonly at: 'chunk'; left: number }
  | { readonly at: 'trailers' }
  | { readonly at: 'opaque' };

/** Rules that are none of HTTP's, but limits of this reader. */
const UNREAD: ReadonlySet<string> = new Set(['too-long', 'too-many-fields', 'too-many-chunks']);

/**
 * Reads one direction of a connection of HTTP/1.1 in whatever chunks it comes. A frame is a head, as much of a body as `cut` says, or
 * the end of a body of chunks; what chunks put between bytes of a body belongs to the frame of the byte behind it. Never throws, and
 * believes no length before so many bytes are there.
 */
export class HttpReader {
  readonly #kind: 'request' | 'response';
  readonly #exchanges: Exchanges;
  readonly #cut: Cut;
  readonly #queue = new ByteQueue();
  /** A head, trailers, or the line of a chunk, as far as it is read. */
  readonly #lines = new LineBuffer();
  /** The frame being read. */
  readonly #frame = new FrameBuilder();
  #state: State = { at: 'head' };
  /** Of the message being read. */
  #exchange = 0;
  #border: Border | undefined;
  frames = 0;
  hasMore = false;

  constructor(kind: 'request' | 'response', exchanges: Exchanges, cut: Cut) {
    this.#kind = kind;
    this.#exchanges = exchanges;
    this.#cut = cut;
  }

  push(chunk: Uint8Array, most: number): Seen[] {
    this.#queue.push(chunk);
    return this.more(most);
  }

  more(most: number): Seen[] {
    const seen: Seen[] = [];
    const enough = this.frames + most;
    this.hasMore = false;
    while (this.#queue.length > 0) {
      if (this.frames >= enough) {
        this.hasMore = true;
        break;
      }
      this.#step(seen);
    }
    return seen;
  }

  /** The bytes are over. What was not whole is a frame of its own, `torn`, so that a trace shows what there was of it. */
  end(): Seen[] {
    const seen: Seen[] = [];
    const state = this.#state;
    if (state.at === 'close') {
      this.#finishData(seen, true, true);
      this.#state = { at: 'head' };
    } else if (state.at === 'head' && this.#lines.length > 0) {
      this.#frame.addWire(this.#lines.length);
      this.#emit(seen, 'torn', { exchange: this.#exchanges.next() }, this.#lines.bytes());
    } else {
      this.#finishData(seen, false, false, 'torn');
      if (this.#frame.wire + this.#lines.length > 0) seen.push({ kind: 'bytes', bytes: this.#frame.wire + this.#lines.length });
    }
    this.#frame.reset();
    this.#lines.reset();
    return seen;
  }

  /** Nothing further is read as HTTP: the connection was led on to something else. */
  leaveOff(): void {
    this.#state = { at: 'opaque' };
  }

  #step(seen: Seen[]): void {
    const state = this.#state;
    switch (state.at) {
      case 'opaque':
        seen.push({ kind: 'bytes', bytes: this.#takeAll().length });
        return;
      case 'head':
        this.#readHead(seen);
        return;
      case 'length': {
        state.left -= this.#takeBody(state.left);
        if (state.left > 0) this.#cutFrames(seen, false);
        else {
          this.#cutFrames(seen, true);
          this.#state = { at: 'head' };
        }
        return;
      }
      case 'close':
        this.#takeBody(this.#queue.length);
        this.#cutFrames(seen, false);
        return;
      case 'chunk':
        state.left -= this.#takeBody(state.left);
        this.#cutFrames(seen, false);
        if (state.left === 0) this.#state = { at: 'chunk-line', first: false };
        return;
      case 'chunk-line':
        this.#readChunkLine(seen, state.first);
        return;
      case 'trailers':
        this.#readTrailers(seen);
        return;
    }
  }

  #readHead(seen: Seen[]): void {
    const found = this.#lines.take(this.#queue, LONGEST_HEAD, 'head');
    if (found === undefined) return;
    if (!found.ok) {
      this.#giveUp(seen, found.fault);
      return;
    }
    const head = readHead(found.value, this.#kind);
    if (!head.ok) {
      this.#giveUp(seen, head.fault);
      return;
    }
    const { exchange, request } = this.#exchanges.begin(head.value);
    this.#exchange = exchange;
    const framing = framingOf(head.value, request?.method);
    if (!framing.ok) {
      this.#giveUp(seen, framing.fault, exchange);
      return;
    }
    this.#frame.addWire(this.#lines.length);
    this.#lines.reset();
    const isLast = framing.value.kind === 'none' || (framing.value.kind === 'length' && framing.value.length === 0);
    this.#emit(seen, 'head', { exchange, head: true, ...(isLast ? { last: true } : {}) }, found.value);
    this.#border = isLast ? undefined : this.#cut(head.value, request);
    if (!isLast) this.#state = stateOf(framing.value);
    if (head.value.kind === 'response' && leadsOn(head.value.status, request)) this.leaveOff();
  }

  #readChunkLine(seen: Seen[], isFirst: boolean): void {
    // Behind a chunk an empty line comes before that of the next.
    const found = this.#lines.take(this.#queue, LONGEST_CHUNK_LINE, isFirst ? 'line' : 'line-after-crlf');
    if (found === undefined) return;
    if (!found.ok) {
      this.#giveUp(seen, found.fault, this.#exchange);
      return;
    }
    const size = chunkSize(found.value, isFirst);
    if (!size.ok) {
      this.#giveUp(seen, size.fault, this.#exchange);
      return;
    }
    if (size.value > 0 && this.#frame.chunks >= MOST_CHUNKS) {
      this.#giveUp(seen, { rule: 'too-many-chunks', text: `a body with more than ${MOST_CHUNKS} chunks in one frame` }, this.#exchange);
      return;
    }
    if (size.value > 0) {
      this.#frame.addBetween(this.#frame.length, found.value);
      this.#frame.addWire(this.#lines.length);
      this.#lines.reset();
      this.#state = { at: 'chunk', left: size.value };
      return;
    }
    // The bytes of the last line are no longer the body's.
    const lineBytes = this.#lines.length;
    this.#lines.reset();
    this.#finishData(seen, true, false);
    this.#frame.addBetween(0, found.value);
    this.#frame.addWire(lineBytes);
    this.#state = { at: 'trailers' };
  }

  #readTrailers(seen: Seen[]): void {
    const found = this.#lines.take(this.#queue, LONGEST_HEAD, 'trailers');
    if (found === undefined) return;
    if (!found.ok) {
      this.#giveUp(seen, found.fault, this.#exchange);
      return;
    }
    const trailers = readTrailers(found.value);
    if (!trailers.ok) {
      this.#giveUp(seen, trailers.fault, this.#exchange);
      return;
    }
    this.#frame.addWire(this.#lines.length);
    this.#lines.reset();
    const data = found.value.subarray(0, found.value.length - 2);
    this.#frame.addBetween(data.length, found.value.subarray(data.length));
    this.#emit(seen, 'end', { exchange: this.#exchange, last: true }, data);
    this.#state = { at: 'head' };
  }

  /** Takes as many bytes of the body as there are, `most` of them or fewer, and no more than the frame still needs. */
  #takeBody(most: number): number {
    const wanted = Math.min(most, this.#queue.length, Math.max(1, this.#target().length - this.#frame.length));
    this.#frame.take(this.#queue, wanted);
    return wanted;
  }

  #target(): { readonly length: number; readonly whole: boolean } {
    const target = this.#border?.((most) => this.#frame.beginning(most)) ?? { length: LONGEST_DATA, whole: true };
    return target.length > LONGEST_DATA ? { length: LONGEST_DATA, whole: true } : target;
  }

  #cutFrames(seen: Seen[], isOver: boolean): void {
    const target = this.#target();
    if (isOver) this.#finishData(seen, true, true);
    else if (target.whole && this.#frame.length >= target.length) this.#finishData(seen, false, false);
  }

  /** The bytes that were read of a body make a frame. */
  #finishData(seen: Seen[], isOver: boolean, isLast: boolean, kind = 'data'): void {
    if (this.#frame.length === 0) return;
    // A length that lies is found out: what follows is cut by it no more.
    if (isOver || this.#frame.length >= LONGEST_DATA) this.#border = undefined;
    this.#emit(seen, kind, { exchange: this.#exchange, ...(isLast ? { last: true } : {}) });
  }

  #emit(seen: Seen[], kind: string, part: Part, data?: Uint8Array): void {
    seen.push({ kind: 'frame', ...this.#frame.finish(kind, part, data) });
    this.frames += 1;
  }

  /** Nothing that follows can be read. What cannot be is a frame, since the other end must make something of it, too. */
  #giveUp(seen: Seen[], fault: Fault, exchange = this.#exchanges.next()): void {
    this.#finishData(seen, true, false, 'torn');
    const data = this.#lines.bytes();
    this.#frame.addWire(this.#lines.length);
    this.#lines.reset();
    seen.push(UNREAD.has(fault.rule) ? { kind: 'unread', error: fault.text } : { kind: 'broken', fault });
    this.#emit(seen, 'broken', { exchange, last: true }, data);
    this.#state = { at: 'opaque' };
  }

  #takeAll(): { readonly length: number } {
    const { length } = this.#queue;
    this.#queue.take(length);
    return { length };
  }
}

function stateOf(framing: BodyFraming): State {
  switch (framing.kind) {
    case 'none':
      return { at: 'head' };
    case 'length':
      return { at: 'length', left: framing.length };
    case 'chunked':
      return { at: 'chunk-line', first: true };
    case 'close':
      return { at: 'close' };
  }
}

function leadsOn(status: number, request: RequestHead | undefined): boolean {
  return status === 101 || (request?.method === 'CONNECT' && status >= 200 && status < 300);
}
