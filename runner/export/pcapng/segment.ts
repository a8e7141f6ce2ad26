/** Segments of TCP (RFC 9293) in packets of IPv4 (RFC 791), without options. */

/** Where a segment comes from or goes to. */
export interface Address {
  readonly host: readonly [number, number, number, number];
  readonly port: number;
}

/** Flags of a segment. */
export const flags = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

/** One segment. */
export interface Segment {
  readonly from: Address;
  readonly to: Address;
  /** Both count modulo 2^32. */
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const IP = 20;
const TCP = 20;

/** Most bytes of one segment; with the headers less than an IP packet and a window hold. */
export const LONGEST_SEGMENT = 60_000;

/** The packet that carries a segment; `id` counts the packets of its sender. */
export function packetOf({ from, to, seq, ack, flags: set, payload }: Segment, id: number): Uint8Array {
  const bytes = new Uint8Array(IP + TCP + payload.length);
  const view = new DataView(bytes.buffer);
  // Version 4, header of five words.
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint16(4, id & 0xffff);
  // Not to be fragmented.
  view.setUint16(6, 0x4000);
  view.setUint8(8, 64);
  view.setUint8(9, 6);
  bytes.set(from.host, 12);
  bytes.set(to.host, 16);
  view.setUint16(10, checksum(bytes.subarray(0, IP)));
  view.setUint16(IP, from.port);
  view.setUint16(IP + 2, to.port);
  view.setUint32(IP + 4, seq >>> 0);
  view.setUint32(IP + 8, ack >>> 0);
  view.setUint8(IP + 12, 0x50);
  view.setUint8(IP + 13, set);
  view.setUint16(IP + 14, 0xffff);
  bytes.set(payload, IP + TCP);
  // The pseudo-header: both addresses, the protocol, the length.
  const before = sum(bytes.subarray(12, 20), 6 + TCP + payload.length);
  view.setUint16(IP + 16, complement(sum(bytes.subarray(IP), before)));
  return bytes;
}

/** The Internet checksum (RFC 1071). */
export function checksum(bytes: Uint8Array): number {
  return complement(sum(bytes, 0));
}

function sum(bytes: Uint8Array, begin: number): number {
  let total = begin;
  for (let i = 0; i < bytes.length; i += 2) total += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
  return total;
}

function complement(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded & 0xffff);
  return ~folded & 0xffff;
}
