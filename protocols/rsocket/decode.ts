import { latin1 } from '../common/latin1.ts';
import {
  FLAG,
  FRAME_TYPES,
  type FrameBase,
  type FrameType,
  HEADER_BYTES,
  LARGEST_FRAME,
  type Position,
  type ReservedField,
  type RSocketFrame,
} from './frame.ts';

/** What the first six bytes say, for frames whose rest cannot be read. */
export interface Header {
  readonly streamId: number;
  /** Undefined for a type that the table does not have. */
  readonly type: FrameType | undefined;
  readonly typeCode: number;
  readonly flags: number;
}

/** Why bytes are no frame. */
export type FrameProblem =
  /** Shorter than the header, or than the fixed part of its type (RSOCKET-FRAME-16). */
  | 'short'
  /** Longer than a frame may be (RSOCKET-FRAME-03). */
  | 'long'
  /** The metadata length does not fit (RSOCKET-FRAME-12). */
  | 'metadata-length'
  /** Marked as text by its carrier (RSOCKET-FRAME-18). */
  | 'text';

/** A frame, or why the bytes are none. */
export type DecodedFrame =
  | { readonly ok: true; readonly message: RSocketFrame }
  | { readonly ok: false; readonly problem: FrameProblem; readonly error: string; readonly header: Header | undefined };

const typeNames = new Map<number, FrameType>((Object.keys(FRAME_TYPES) as FrameType[]).map((name) => [FRAME_TYPES[name], name]));

/**
 * Reads one frame as it came from its carrier, without a length before it. Parts are views on the bytes, so nothing is allocated that
 * a length only claims. Never throws.
 */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  const header = headerOf(bytes);
  if (header === undefined) {
    return { ok: false, problem: 'short', error: `a frame has at least ${HEADER_BYTES} bytes, not ${bytes.length}`, header };
  }
  if (bytes.length > LARGEST_FRAME) {
    return { ok: false, problem: 'long', error: `a frame has at most ${LARGEST_FRAME} bytes, not ${bytes.length}`, header };
  }
  try {
    return { ok: true, message: read(new Reader(bytes), header) };
  } catch (cause) {
    if (!(cause instanceof FrameFault)) throw cause;
    return { ok: false, problem: cause.problem, error: `${header.type ?? 'frame'} of ${bytes.length} bytes: ${cause.message}`, header };
  }
}

/** The header of a frame; undefined where there are too few bytes. */
export function headerOf(bytes: Uint8Array): Header | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  const word = view.getUint16(4);
  const typeCode = word >>> 10;
  return { streamId: view.getUint32(0) & 0x7f_ff_ff_ff, type: typeNames.get(typeCode), typeCode, flags: word & 0x3ff };
}

function read(reader: Reader, { streamId, type, typeCode, flags }: Header): RSocketFrame {
  reader.u31('streamId');
  reader.skip(2);
  const base = { streamId, flags };
  switch (type) {
    case undefined:
      return { type: 'UNKNOWN', typeCode, ...base, ...reader.rest() };
    case 'SETUP': {
      const fixed = {
        major: reader.u16('the major version'),
        minor: reader.u16('the minor version'),
        keepaliveMs: reader.u31('keepaliveMs'),
        lifetimeMs: reader.u31('lifetimeMs'),
        token: (flags & FLAG.RESUME) === 0 ? undefined : reader.bytes(reader.u16('the length of the token'), 'the token'),
        metadataMime: reader.mime('the metadata MIME type'),
        dataMime: reader.mime('the data MIME type'),
      };
      return { type, ...base, ...fixed, ...reader.content(flags) };
    }
    case 'LEASE': {
      const fixed = { ttlMs: reader.u31('ttlMs'), requests: reader.u31('requests') };
      return { type, ...base, ...fixed, ...((flags & FLAG.METADATA) === 0 ? reader.rest() : reader.restAsMetadata()) };
    }
    case 'KEEPALIVE':
    case 'RESUME_OK':
      return { type, ...base, position: reader.u63('position'), ...reader.rest() };
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'PAYLOAD':
      return { type, ...base, ...reader.content(flags) };
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
      return { type, ...base, n: reader.u31('n'), ...reader.content(flags) };
    case 'REQUEST_N':
      return { type, ...base, n: reader.u31('n'), ...reader.rest() };
    case 'CANCEL':
      return { type, ...base, ...reader.rest() };
    case 'ERROR':
      return { type, ...base, code: reader.u32('the code'), ...reader.rest() };
    case 'METADATA_PUSH':
      return { type, ...base, ...reader.restAsMetadata() };
    case 'RESUME': {
      const fixed = {
        major: reader.u16('the major version'),
        minor: reader.u16('the minor version'),
        token: reader.bytes(reader.u16('the length of the token'), 'the token'),
        serverPosition: reader.u63('serverPosition'),
        clientPosition: reader.u63('clientPosition'),
      };
      return { type, ...base, ...fixed, ...reader.rest() };
    }
    case 'EXT':
      return { type, ...base, extendedType: reader.u31('extendedType'), ...reader.rest() };
  }
}

type Content = Pick<FrameBase, 'metadata' | 'data' | 'reserved'>;

/** Why reading stopped; never leaves this file. */
class FrameFault extends Error {
  readonly problem: FrameProblem;

  constructor(problem: FrameProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #reserved: ReservedField[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  skip(count: number): void {
    this.#at += count;
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what));
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what));
  }

  u31(field: ReservedField): number {
    const value = this.u32(field);
    if (value > 0x7f_ff_ff_ff) this.#reserved.push(field);
    return value & 0x7f_ff_ff_ff;
  }

  u63(field: ReservedField): Position {
    const value = this.#view.getBigUint64(this.#take(8, field));
    if (value >> 63n === 1n) this.#reserved.push(field);
    const bits = BigInt.asUintN(63, value);
    return bits <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bits) : bits;
  }

  bytes(length: number, what: string): Uint8Array {
    const at = this.#take(length, what);
    return this.#bytes.subarray(at, at + length);
  }

  mime(what: string): string {
    const length = this.#view.getUint8(this.#take(1, `the length of ${what}`));
    return latin1(this.bytes(length, what));
  }

  /** Metadata behind its length where the flag says so, and data. */
  content(flags: number): Content {
    if ((flags & FLAG.METADATA) === 0) return this.rest();
    const left = this.#bytes.length - this.#at;
    if (left < 3) throw new FrameFault('metadata-length', `${left} bytes are left where the metadata length takes 3`);
    const length = (this.#view.getUint16(this.#at) << 8) | this.#view.getUint8(this.#at + 2);
    this.#at += 3;
    if (length > left - 3)
      throw new FrameFault('metadata-length', `it says that its metadata has ${length} bytes, and ${left - 3} are left`);
    const metadata = this.bytes(length, 'metadata');
    return { metadata, data: this.#bytes.subarray(this.#at), reserved: this.#reserved };
  }

  rest(): Content {
    return { metadata: undefined, data: this.#bytes.subarray(this.#at), reserved: this.#reserved };
  }

  restAsMetadata(): Content {
    return { metadata: this.#bytes.subarray(this.#at), data: this.#bytes.subarray(this.#bytes.length), reserved: this.#reserved };
  }

  #take(length: number, what: string): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      throw new FrameFault('short', `${what} would end at byte ${at + length}`);
    }
    this.#at += length;
    return at;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
