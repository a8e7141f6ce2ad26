import { FLAG, FRAME_TYPES, HEADER_BYTES, type Position, type ReservedField, type RSocketFrame } from './frame.ts';

const TOP_31 = 0x80_00_00_00;
const TOP_63 = 1n << 63n;

/**
 * The bytes of a frame, without any length before them. The flags are taken at their word: M makes a metadata length, R of SETUP a
 * token. Numbers too large for their fields are cut to their low bits, so that scripts can be wrong.
 */
export function encodeFrame(frame: RSocketFrame): Uint8Array {
  const type = frame.type === 'UNKNOWN' ? frame.typeCode : FRAME_TYPES[frame.type];
  const head = [...u31(frame, 'streamId', frame.streamId), ...u16(((type & 0x3f) << 10) | (frame.flags & 0x3ff)), ...fixedPart(frame)];
  return join([Uint8Array.from(head), ...content(frame)]);
}

/** How long the encoded frame is. */
export function frameLength(frame: RSocketFrame): number {
  return HEADER_BYTES + fixedPart(frame).length + content(frame).reduce((sum, part) => sum + part.length, 0);
}

function fixedPart(frame: RSocketFrame): readonly number[] {
  switch (frame.type) {
    case 'SETUP':
      return [
        ...u16(frame.major),
        ...u16(frame.minor),
        ...u31(frame, 'keepaliveMs', frame.keepaliveMs),
        ...u31(frame, 'lifetimeMs', frame.lifetimeMs),
        ...((frame.flags & FLAG.RESUME) === 0 ? [] : sized16(frame.token ?? new Uint8Array())),
        ...mime(frame.metadataMime),
        ...mime(frame.dataMime),
      ];
    case 'LEASE':
      return [...u31(frame, 'ttlMs', frame.ttlMs), ...u31(frame, 'requests', frame.requests)];
    case 'KEEPALIVE':
    case 'RESUME_OK':
      return u63(frame, 'position', frame.position);
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      return u31(frame, 'n', frame.n);
    case 'ERROR':
      return u32(frame.code);
    case 'RESUME':
      return [
        ...u16(frame.major),
        ...u16(frame.minor),
        ...sized16(frame.token),
        ...u63(frame, 'serverPosition', frame.serverPosition),
        ...u63(frame, 'clientPosition', frame.clientPosition),
      ];
    case 'EXT':
      return u31(frame, 'extendedType', frame.extendedType);
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'CANCEL':
    case 'PAYLOAD':
    case 'METADATA_PUSH':
    case 'UNKNOWN':
      return [];
  }
}

/** Metadata, with its length where the type has one, and data. */
function content(frame: RSocketFrame): readonly Uint8Array[] {
  const metadata = frame.metadata ?? new Uint8Array();
  switch (frame.type) {
    case 'SETUP':
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'PAYLOAD':
      if ((frame.flags & FLAG.METADATA) === 0) return [frame.data];
      return [Uint8Array.from(u24(metadata.length)), metadata, frame.data];
    case 'LEASE':
    case 'METADATA_PUSH':
      return [metadata, frame.data];
    default:
      return [frame.data];
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function u16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function u24(value: number): readonly number[] {
  return [(value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function u32(value: number): readonly number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function u31(frame: RSocketFrame, field: ReservedField, value: number): readonly number[] {
  return u32((value & ~TOP_31) | (frame.reserved.includes(field) ? TOP_31 : 0));
}

function u63(frame: RSocketFrame, field: ReservedField, value: Position): readonly number[] {
  const bits = (BigInt(value) & (TOP_63 - 1n)) | (frame.reserved.includes(field) ? TOP_63 : 0n);
  return [...u32(Number(bits >> 32n)), ...u32(Number(bits & 0xff_ff_ff_ffn))];
}

function sized16(bytes: Uint8Array): readonly number[] {
  return [...u16(bytes.length), ...bytes];
}

function mime(text: string): readonly number[] {
  return [text.length & 0xff, ...Buffer.from(text, 'latin1')];
}
