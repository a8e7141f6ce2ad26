import { ByteQueue, concatenate, type Pieces } from '../../common/byte-queue.ts';
import type { MessageFrame, Part } from '../../common/frame.ts';
import { type BodyFraming, framingOf } from './framing.ts';
import { broken, type Fault, type HttpHead, type Read, type RequestHead, readHead, readTrailers, shown } from './head.ts';

/** Longest head, and longest trailers, bytes; servers refuse what is longer than some kibibytes. */
export const LONGEST_HEAD = 1024 ** 2;

/** Longest line of a chunk's size, with extensions. */
export const LONGEST_CHUNK_LINE = 4096;

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
  | { readonly kind: 'frame'; readonly frame: MessageFrame; readonly bytes: number }
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

/** What is looked for among lines: those of a head or of trailers, a line, or one behind an empty one. */
type Lines = 'head' | 'trailers' | 'line' | 'line-after-crlf';

const NAMES: Readonly<Record<Lines, string>> = {
  head: 'a head',
  trailers: 'trailers',
  line: 'the line of a chunk',
  'line-after-crlf': 'the line of a chunk',
};

/** Rules that are none of HTTP's, but limits of this reader. */
const UNREAD: ReadonlySet<string> = new Set(['too-long', 'too-many-fields']);

const LF = 0x0a;
const CR = 0x0d;

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
  #state: State = { at: 'head' };
  /** Of the message being read. */
  #exchange = 0;
  #border: Border | undefined;
  /** Of the frame being read: bytes on the wire, those of its body, and what stood between them. */
  #wire = 0;
  #body: Uint8Array[] = [];
  #length = 0;
  #between: { at: number; bytes: Uint8Array }[] = [];
  /** Lines being read, up to the empty one: a head, trailers, or the one line of a chunk. */
  #lines: Uint8Array[] = [];
  #linesLength = 0;
  /** Whether the last byte was CR, and how long the present line is. */
  #afterCr = false;
  #line = 0;
  /** Whether anything but ends of lines came. */
  #hasText = false;
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
    } else if (state.at === 'head' && this.#linesLength > 0) {
      this.#wire += this.#linesLength;
      this.#emit(seen, 'torn', concatenate(this.#lines), { exchange: this.#exchanges.next() });
    } else {
      this.#finishData(seen, false, false, 'torn');
      if (this.#wire + this.#linesLength > 0) seen.push({ kind: 'bytes', bytes: this.#wire + this.#linesLength });
    }
    this.#wire = 0;
    this.#resetLines();
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
    const found = this.#takeLines(LONGEST_HEAD, 'head');
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
    this.#wire += this.#linesLength;
    this.#resetLines();
    const isLast = framing.value.kind === 'none' || (framing.value.kind === 'length' && framing.value.length === 0);
    this.#emit(seen, 'head', found.value, { exchange, head: true, ...(isLast ? { last: true } : {}) });
    this.#border = isLast ? undefined : this.#cut(head.value, request);
    if (!isLast) this.#state = stateOf(framing.value);
    if (head.value.kind === 'response' && leadsOn(head.value.status, request)) this.leaveOff();
  }

  #readChunkLine(seen: Seen[], isFirst: boolean): void {
    // Behind a chunk an empty line comes before that of the next.
    const found = this.#takeLines(LONGEST_CHUNK_LINE, isFirst ? 'line' : 'line-after-crlf');
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
    if (size.value > 0) {
      this.#between.push({ at: this.#length, bytes: found.value });
      this.#wire += this.#linesLength;
      this.#resetLines();
      this.#state = { at: 'chunk', left: size.value };
      return;
    }
    // The bytes of the last line are no longer the body's.
    const lineBytes = this.#linesLength;
    this.#resetLines();
    this.#finishData(seen, true, false);
    this.#between.push({ at: 0, bytes: found.value });
    this.#wire += lineBytes;
    this.#state = { at: 'trailers' };
  }

  #readTrailers(seen: Seen[]): void {
    const found = this.#takeLines(LONGEST_HEAD, 'trailers');
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
    this.#wire += this.#linesLength;
    this.#resetLines();
    const data = found.value.subarray(0, found.value.length - 2);
    this.#between.push({ at: data.length, bytes: found.value.subarray(found.value.length - 2) });
    this.#emit(seen, 'end', data, { exchange: this.#exchange, last: true });
    this.#state = { at: 'head' };
  }

  /**
   * Takes bytes up to the end of what is looked for: of a line, of a line behind an empty one, of lines up to an empty one. Undefined
   * where it has not come; what is no line, or too long, is a fault.
   */
  #takeLines(most: number, what: Lines): Read<Uint8Array> | undefined {
    while (this.#queue.length > 0 && this.#linesLength <= most) {
      const piece = this.#queue.takePiece(most - this.#linesLength + 1);
      const end = this.#endOfLines(piece, what);
      this.#addLines(piece.subarray(0, end?.at));
      if (end === undefined) continue;
      this.#queue.giveBack(piece.subarray(end.at));
      if (this.#linesLength > most) break;
      return end.fault === undefined ? { ok: true, value: concatenate(this.#lines) } : { ok: false, fault: end.fault };
    }
    return this.#linesLength <= most ? undefined : broken('too-long', `${NAMES[what]} of more than ${most} bytes`);
  }

  /** How many bytes of a piece belong to the lines that are looked for, where they end in it. */
  #endOfLines(piece: Uint8Array, what: Lines): { readonly at: number; readonly fault?: Fault } | undefined {
    for (let i = 0; i < piece.length; i += 1) {
      const byte = piece[i];
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte !== LF) return { at: i + 1, fault: { rule: 'lone-cr', text: 'CR without LF in a line' } };
        const isEmpty = this.#line === 0;
        const seenBefore = this.#linesLength + i + 1 > 2;
        this.#line = 0;
        if (what === 'line' || (what === 'line-after-crlf' && seenBefore)) return { at: i + 1 };
        // Before a head, empty lines are overlooked (RFC 9112, 2.2).
        if (isEmpty && (what === 'trailers' || (what === 'head' && this.#hasText))) return { at: i + 1 };
        continue;
      }
      if (byte === LF) return { at: i + 1, fault: { rule: 'lone-lf', text: 'LF without CR before it at the end of a line' } };
      if (byte === CR) this.#afterCr = true;
      else {
        this.#line += 1;
        this.#hasText = true;
      }
    }
    return undefined;
  }

  /** Takes as many bytes of the body as there are, `most` of them or fewer, and no more than the frame still needs. */
  #takeBody(most: number): number {
    const wanted = Math.min(most, this.#queue.length, Math.max(1, this.#target().length - this.#length));
    for (const piece of this.#queue.take(wanted)) this.#body.push(piece);
    this.#length += wanted;
    this.#wire += wanted;
    return wanted;
  }

  #target(): { readonly length: number; readonly whole: boolean } {
    const target = this.#border?.((most) => beginningOf(this.#body, most)) ?? { length: LONGEST_DATA, whole: true };
    return target.length > LONGEST_DATA ? { length: LONGEST_DATA, whole: true } : target;
  }

  #cutFrames(seen: Seen[], isOver: boolean): void {
    const target = this.#target();
    if (isOver) this.#finishData(seen, true, true);
    else if (target.whole && this.#length >= target.length) this.#finishData(seen, false, false);
  }

  /** The bytes that were read of a body make a frame. */
  #finishData(seen: Seen[], isOver: boolean, isLast: boolean, kind = 'data'): void {
    if (this.#length === 0) return;
    // A length that lies is found out: what follows is cut by it no more.
    if (isOver || this.#length >= LONGEST_DATA) this.#border = undefined;
    this.#emit(seen, kind, concatenate(this.#body), { exchange: this.#exchange, ...(isLast ? { last: true } : {}) });
  }

  #emit(seen: Seen[], kind: string, data: Uint8Array, part: Part): void {
    const between = this.#between;
    const frame: MessageFrame = {
      kind,
      class: 'data',
      text: false,
      data,
      part,
      ...(between.length === 0 ? {} : { written: { between, ahead: 0 } }),
    };
    seen.push({ kind: 'frame', frame, bytes: this.#wire });
    this.frames += 1;
    this.#wire = 0;
    this.#body = [];
    this.#length = 0;
    this.#between = [];
  }

  /** Nothing that follows can be read. What cannot be is a frame, since the other end must make something of it, too. */
  #giveUp(seen: Seen[], fault: Fault, exchange = this.#exchanges.next()): void {
    this.#finishData(seen, true, false, 'torn');
    const data = concatenate(this.#lines);
    this.#wire += this.#linesLength;
    this.#resetLines();
    seen.push(UNREAD.has(fault.rule) ? { kind: 'unread', error: fault.text } : { kind: 'broken', fault });
    this.#emit(seen, 'broken', data, { exchange, last: true });
    this.#state = { at: 'opaque' };
  }

  #addLines(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#lines.push(piece);
    this.#linesLength += piece.length;
  }

  #resetLines(): void {
    this.#lines = [];
    this.#linesLength = 0;
    this.#line = 0;
    this.#afterCr = false;
    this.#hasText = false;
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

/** The size that the line of a chunk says (RFC 9112, 7.1): hexadecimal digits, then perhaps extensions. */
function chunkSize(bytes: Uint8Array, isFirst: boolean): Read<number> {
  const text = Buffer.from(bytes).toString('latin1');
  if (!isFirst && !text.startsWith('\r\n')) return broken('chunk-end', `bytes behind a chunk that are not its end: ${shown(text)}`);
  const line = text.slice(isFirst ? 0 : 2, -2);
  const [, digits] = /^([0-9A-Fa-f]+)(?:[ \t]*;[\t\u0020-\u007e\u0080-\u00ff]*)?$/.exec(line) ?? [];
  if (digits === undefined) return broken('chunk-size', `a chunk whose size is none: ${shown(line)}`);
  const size = Number.parseInt(digits, 16);
  return Number.isSafeInteger(size)
    ? { ok: true, value: size }
    : broken('chunk-size', `a chunk of a size that nobody can count: ${shown(line)}`);
}

function beginningOf(pieces: Pieces, most: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && first.length >= most) return first.subarray(0, most);
  const some: Uint8Array[] = [];
  let left = most;
  for (const piece of pieces) {
    if (left <= 0) break;
    some.push(piece.subarray(0, left));
    left -= piece.length;
  }
  return concatenate(some);
}
