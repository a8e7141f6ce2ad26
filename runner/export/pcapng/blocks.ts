import { concatenate } from '../../../protocols/common/byte-queue.ts';

/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. */

/** Packets begin with an IP header: LINKTYPE_RAW. */
const LINK_RAW = 101;

/** Longest text of one option, bytes of UTF-8: its length has 16 bits. */
const LONGEST_TEXT = 60_000;

const codes = { comment: 1, hardware: 2, userApplication: 4, name: 2, description: 3, resolution: 9 } as const;

/** One packet as it is written. */
export interface Packet {
  /** Index of the interface. */
  readonly on: number;
  /** Ms since 1970. */
  readonly t: number;
  readonly bytes: Uint8Array;
  readonly comments: readonly string[];
}

/** The block that a file begins with. */
export function sectionHeader(comment: string, application: string): Uint8Array {
  const body = new DataView(new ArrayBuffer(16));
  body.setUint32(0, 0x1a2b3c4d, true);
  body.setUint16(4, 1, true);
  // Length of the section: not said.
  body.setBigInt64(8, -1n, true);
  return block(0x0a0d0d0a, bytesOf(body), [text(codes.comment, comment), text(codes.userApplication, application)]);
}

/** An interface; packets name it by its place among them. Their times are in ns. */
export function interfaceBlock(name: string, description: string): Uint8Array {
  const body = new DataView(new ArrayBuffer(8));
  body.setUint16(0, LINK_RAW, true);
  const resolution = option(codes.resolution, Uint8Array.of(9));
  return block(1, bytesOf(body), [text(codes.name, name), text(codes.description, description), resolution]);
}

/** A packet with its comments. */
export function packetBlock({ on, t, bytes, comments }: Packet): Uint8Array {
  const head = new DataView(new ArrayBuffer(20));
  const ns = BigInt(Math.round(t * 1000)) * 1000n;
  head.setUint32(0, on, true);
  head.setUint32(4, Number(ns >> 32n), true);
  head.setUint32(8, Number(ns & 0xffffffffn), true);
  head.setUint32(12, bytes.length, true);
  head.setUint32(16, bytes.length, true);
  return block(
    6,
    concatenate([bytesOf(head), padded(bytes)]),
    comments.map((comment) => text(codes.comment, comment)),
  );
}

function block(type: number, body: Uint8Array, options: readonly Uint8Array[]): Uint8Array {
  const all = options.length === 0 ? [] : [...options, option(0, new Uint8Array(0))];
  const content = concatenate([body, ...all]);
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(content, 8);
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function text(code: number, said: string): Uint8Array {
  const bytes = new TextEncoder().encode(said);
  if (bytes.length <= LONGEST_TEXT) return option(code, bytes);
  // A character that was cut in two would be no UTF-8.
  const cut = new TextDecoder().decode(bytes.subarray(0, LONGEST_TEXT)).replace(/\ufffd$/, '');
  return option(code, new TextEncoder().encode(`${cut}…`));
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint16(0, code, true);
  head.setUint16(2, value.length, true);
  return concatenate([bytesOf(head), padded(value)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 4 === 0 ? bytes : concatenate([bytes, new Uint8Array(4 - (bytes.length % 4))]);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}
