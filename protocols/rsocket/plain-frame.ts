import { isPlainObject } from '../common/value.ts';
import { encodeFrame } from './encode.ts';
import { FRAME_TYPES, type FrameType, type RSocketFrame } from './frame.ts';
import { bytesOf } from './value.ts';

/**
 * The bytes of a frame given as a plain value: the members of a decoded frame, any of them left out or wrong. Numbers are cut to their
 * fields; bytes may be text. Throws an Error where it has no type, or a member that its field cannot hold.
 */
export function encodePlain(message: unknown): Uint8Array {
  if (!isPlainObject(message)) throw new Error('a frame is a map with a `type`');
  const { type } = message;
  const known = typeof type === 'string' && (type === 'UNKNOWN' || Object.hasOwn(FRAME_TYPES, type));
  if (!known) throw new Error(`there is no frame type ${JSON.stringify(type)}`);
  const number = (name: string): number => {
    const value = message[name] ?? 0;
    if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error(`${name}: expected a number`);
    return Number(value);
  };
  const position = (name: string): number | bigint => {
    const value = message[name] ?? 0;
    if (typeof value === 'bigint') return value;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw new Error(`${name}: expected a whole number`);
    return value;
  };
  const text = (name: string): string => {
    const value = message[name] ?? '';
    if (typeof value !== 'string') throw new Error(`${name}: expected text`);
    return value;
  };
  const bytes = (name: string): Uint8Array | undefined => (message[name] === undefined ? undefined : bytesOf(message[name]));
  const { reserved } = message;
  const frame = {
    type: type as FrameType,
    streamId: number('streamId'),
    flags: number('flags'),
    reserved: Array.isArray(reserved) ? reserved : [],
    metadata: bytes('metadata'),
    data: bytes('data') ?? new Uint8Array(),
    typeCode: number('typeCode'),
    major: number('major'),
    minor: number('minor'),
    keepaliveMs: number('keepaliveMs'),
    lifetimeMs: number('lifetimeMs'),
    token: bytes('token') ?? new Uint8Array(),
    metadataMime: text('metadataMime'),
    dataMime: text('dataMime'),
    ttlMs: number('ttlMs'),
    requests: number('requests'),
    n: number('n'),
    code: number('code'),
    position: position('position'),
    serverPosition: position('serverPosition'),
    clientPosition: position('clientPosition'),
    extendedType: number('extendedType'),
  };
  // Every member that any type has is there.
  return encodeFrame(frame as unknown as RSocketFrame);
}
