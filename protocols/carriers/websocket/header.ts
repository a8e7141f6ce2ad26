import type { Side } from '../../common/frame.ts';

/** Frame opcodes of RFC 6455, section 5.2. */
export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

/** Longest header: two bytes, a 64-bit length and a mask key. */
export const LONGEST_HEADER = 14;

/** The header of one transport frame. */
export interface FrameHeader {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: Uint8Array | undefined;
  /** Bytes that the header itself takes. */
  readonly headerLength: number;
  readonly payloadLength: number;
}

/** What the first bytes of a frame are: a header, too few to tell, or a violation of RFC 6455. */
export type HeaderReading =
  | { readonly kind: 'header'; readonly header: FrameHeader }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'violation'; readonly error: string };

/** Reads the frame header that begins at `at`; 14 bytes are always enough. `from` decides whether it must be masked (section 5.1). */
export function readHeader(bytes: Uint8Array, from: Side, at = 0): HeaderReading {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first === undefined) return { kind: 'incomplete' };
  const opcode = first & 0x0f;
  const fin = (first & 0x80) !== 0;
  if ((first & 0x70) !== 0)
    return violation(`reserved bits set in the frame header (0x${first.toString(16)}); no extension was negotiated`);
  if ((opcode > opcodes.binary && opcode < opcodes.close) || opcode > opcodes.pong) return violation(`reserved opcode ${opcode}`);
  if (opcode >= opcodes.close && !fin) return violation(`control frame with opcode ${opcode} is fragmented`);
  if (second === undefined) return { kind: 'incomplete' };
  const masked = (second & 0x80) !== 0;
  if (masked !== (from === 'dialler')) return violation(from === 'dialler' ? 'client frame is not masked' : 'server frame is masked');
  const short = second & 0x7f;
  if (opcode >= opcodes.close && short > 125) return violation(`control frame with opcode ${opcode} is longer than 125 bytes`);
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const headerLength = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length - at < headerLength) return { kind: 'incomplete' };
  let payloadLength = lengthBytes === 0 ? short : 0;
  for (let i = 2; i < 2 + lengthBytes; i += 1) payloadLength = payloadLength * 256 + (bytes[at + i] ?? 0);
  if (payloadLength > Number.MAX_SAFE_INTEGER) return violation('frame length does not fit 53 bits');
  if ((lengthBytes === 2 && payloadLength < 126) || (lengthBytes === 8 && payloadLength < 65_536)) {
    return violation(`frame length ${payloadLength} is not in its shortest form`);
  }
  const mask = masked ? bytes.subarray(at + headerLength - 4, at + headerLength) : undefined;
  return { kind: 'header', header: { fin, opcode, mask, headerLength, payloadLength } };
}

/** Writes the header of a frame with `payloadLength` bytes, its length in the shortest form. */
export function writeHeader(header: Omit<FrameHeader, 'headerLength'>): Uint8Array {
  const { fin, opcode, mask, payloadLength } = header;
  const lengthBytes = payloadLength < 126 ? 0 : payloadLength < 65_536 ? 2 : 8;
  const bytes = new Uint8Array(2 + lengthBytes + (mask === undefined ? 0 : 4));
  bytes[0] = (fin ? 0x80 : 0) | opcode;
  bytes[1] = (mask === undefined ? 0 : 0x80) | (lengthBytes === 0 ? payloadLength : lengthBytes === 2 ? 126 : 127);
  let rest = payloadLength;
  for (let i = 1 + lengthBytes; i >= 2; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (mask !== undefined) bytes.set(mask, 2 + lengthBytes);
  return bytes;
}

/** Bytes up to which it takes longer to look at them as words than to mask them one by one. */
const FEW = 512;

/** Masks, or unmasks, the bytes in place from `start` to `end` (section 5.3). */
export function applyMask(bytes: Uint8Array, mask: Uint8Array, start = 0, end = bytes.length): void {
  const key = (at: number): number => mask[(at - start) & 3] ?? 0;
  let i = start;
  if (end - start > FEW) {
    // Four bytes at a time where they lie on the boundaries of a word; each word meets the mask at the same place.
    for (; (bytes.byteOffset + i) % 4 !== 0; i += 1) bytes[i] = (bytes[i] ?? 0) ^ key(i);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + i, (end - i) >> 2);
    const [word = 0] = new Uint32Array(new Uint8Array([key(i), key(i + 1), key(i + 2), key(i + 3)]).buffer);
    for (let at = 0; at < words.length; at += 1) words[at] = (words[at] ?? 0) ^ word;
    i += words.length * 4;
  }
  for (; i < end; i += 1) bytes[i] = (bytes[i] ?? 0) ^ key(i);
}

/** Copies what lies behind `from` in a piece, without the mask, into `to` and fills it. */
export function copyUnmasked(piece: Uint8Array, from: number, mask: Uint8Array, to: Uint8Array): void {
  if (to.length > FEW) {
    to.set(piece.subarray(from, from + to.length));
    applyMask(to, mask);
    return;
  }
  for (let i = 0; i < to.length; i += 1) to[i] = (piece[from + i] ?? 0) ^ (mask[i & 3] ?? 0);
}

function violation(error: string): HeaderReading {
  return { kind: 'violation', error };
}
