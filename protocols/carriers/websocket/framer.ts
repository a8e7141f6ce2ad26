import { concatenate } from '../../common/byte-queue.ts';
import type { Frame } from '../../common/frame.ts';
import { applyMask, opcodes, writeHeader } from './header.ts';

/** How a frame is put into bytes. */
export interface Framing {
  /** Mask key of four bytes; toward a server one is due, toward a client none. */
  readonly mask: Uint8Array | undefined;
  /** Into how many fragments a message goes (default 1). Control frames are never fragmented. */
  readonly fragments?: number;
}

/**
 * The raw bytes of a frame (RFC 6455, section 5). A message shorter than its number of fragments has empty ones at its
 * end. Throws a RangeError for a control frame with more than 125 bytes, a reason without a code, or no fragments.
 */
export function encodeFrame(frame: Frame, framing: Framing): Uint8Array {
  switch (frame.class) {
    case 'data':
      return encodeMessage(frame.text ? opcodes.text : opcodes.binary, frame.data, framing);
    case 'closing':
      return encodeControl(opcodes.close, closePayload(frame.code, frame.reason), framing);
    case 'upkeep':
      return encodeControl(frame.kind === 'ping' ? opcodes.ping : opcodes.pong, frame.data, framing);
    case 'opening':
      return frame.data;
  }
}

function encodeMessage(opcode: number, data: Uint8Array, { mask, fragments = 1 }: Framing): Uint8Array {
  if (!(fragments >= 1)) throw new RangeError(`a message cannot go into ${fragments} fragments`);
  if (fragments === 1) return encodePart(true, opcode, data, mask);
  const size = Math.ceil(data.length / fragments);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < fragments; i += 1) {
    const part = data.subarray(i * size, (i + 1) * size);
    parts.push(encodePart(i === fragments - 1, i === 0 ? opcode : opcodes.continuation, part, mask));
  }
  return concatenate(parts);
}

function encodeControl(opcode: number, payload: Uint8Array, { mask }: Framing): Uint8Array {
  if (payload.length > 125) throw new RangeError(`a control frame holds at most 125 bytes, not ${payload.length}`);
  return encodePart(true, opcode, payload, mask);
}

function encodePart(fin: boolean, opcode: number, payload: Uint8Array, mask: Uint8Array | undefined): Uint8Array {
  const header = writeHeader({ fin, opcode, mask, payloadLength: payload.length });
  const bytes = concatenate([header, payload]);
  if (mask !== undefined) applyMask(bytes, mask, header.length);
  return bytes;
}

function closePayload(code: number | undefined, reason: string): Uint8Array {
  if (code === undefined) {
    if (reason !== '') throw new RangeError('a close frame with a reason needs a code');
    return new Uint8Array(0);
  }
  return concatenate([Uint8Array.of(code >> 8, code & 0xff), new TextEncoder().encode(reason)]);
}
