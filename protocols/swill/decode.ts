import type { MessageFrame, Role } from '../common/frame.ts';
import type { Meter } from '../common/limits.ts';
import type { Decoded } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { FEWEST, type Metadata, MOST, type Seq, type SwillFrame, typesOf } from './frame.ts';
import { type ReadArray, readArray } from './msgpack.ts';

/** Reads a message of a connection, sent by that end (SWILL-CONN-11, SWILL-WIRE-01, 02, 09). Never throws. */
export function readFrame(frame: Pick<MessageFrame, 'text' | 'data'>, from: Role, meter?: Meter): Decoded<SwillFrame> {
  if (frame.text) return no('a text message');
  let read: ReadArray;
  try {
    read = readArray(frame.data, from === 'client' ? 4 : 3, meter);
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
  const { elements } = read;
  if (elements.length < FEWEST[from]) return no(`an array of ${elements.length} elements`);
  const [seq, data] = elements;
  if (!isSeq(seq) || !read.beginsWithInteger) return no('the seq is no integer');
  if (read.oddKeys !== undefined && read.oddKeys < MOST) return no('metadata with keys that are no texts');
  return from === 'client' ? readRequest(seq, data, elements) : readResponse(seq, data, elements);
}

/** The seq of what is else no frame, where it can be read: so that an answer can name it (P3). */
export function seqOfBroken(data: Uint8Array): Seq | undefined {
  try {
    const { elements, beginsWithInteger } = readArray(data, Number.POSITIVE_INFINITY);
    const [seq] = elements;
    return beginsWithInteger && isSeq(seq) ? seq : undefined;
  } catch {
    return undefined;
  }
}

function readRequest(seq: Seq, data: unknown, value: readonly unknown[]): Decoded<SwillFrame> {
  const [, , rpc, type = 0, metadata = null] = value;
  if (typeof rpc !== 'string') return no('the rpc is no text');
  const name = typesOf('client')[Number(type)];
  if (typeof type !== 'number' || name === undefined || name === 'ERROR') return no(`there is no request of the type ${String(type)}`);
  if (!isMetadata(metadata)) return no('the metadata is no map');
  return { ok: true, message: { from: 'client', type: name, seq, data, rpc, metadata, elements: value.length } };
}

function readResponse(seq: Seq, data: unknown, value: readonly unknown[]): Decoded<SwillFrame> {
  const [, , type = 0, leading = null, trailing = null] = value;
  const name = typesOf('server')[Number(type)];
  if (typeof type !== 'number' || name === undefined || name === 'CLOSE') return no(`there is no response of the type ${String(type)}`);
  if (!isMetadata(leading) || !isMetadata(trailing)) return no('the metadata is no map');
  return { ok: true, message: { from: 'server', type: name, seq, data, leading, trailing, elements: value.length } };
}

function isSeq(value: unknown): value is Seq {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function isMetadata(value: unknown): value is Metadata | null {
  return value === null || isPlainObject(value);
}

function no(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
