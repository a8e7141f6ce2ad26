import type { HttpField } from '../carriers/http/head.ts';
import { chunkBytes, headBytes, lastChunk } from '../carriers/http/write.ts';
import { concatenate } from '../common/byte-queue.ts';
import type { Link } from '../common/environment.ts';
import { latin1Bytes } from '../common/latin1.ts';
import { fromTagged } from '../common/value.ts';
import type { Codec } from './codec.ts';
import { compress } from './content.ts';
import { FLAG, writeEnvelope } from './envelope.ts';
import { procedures, writeMessage } from './schema.ts';
import type { ClientCommand, Piece, Respond, ScriptedRequest } from './script.ts';

/** What a scripted message is where its script does not say. */
export interface Usual {
  readonly codec: Codec;
  readonly isStream: boolean;
  /** Name of the procedure. */
  readonly procedure: string;
  readonly from: 'client' | 'server';
  readonly fields: readonly HttpField[];
}

/** Writes a scripted message on a link. Throws an Error where a value is no message of the procedure. */
export function writeScripted(link: Link, first: string, spec: Respond | ScriptedRequest, usual: Usual): void {
  const pieces = (spec.body ?? []).flatMap((piece) => Array.from({ length: piece.times ?? 1 }, () => pieceBytes(piece, usual)));
  const framing = spec.framing ?? (usual.isStream ? 'chunked' : 'length');
  const [begins, ends] = [spec.part === undefined || spec.part === 'begin', spec.part === undefined || spec.part === 'finish'];
  const body = concatenate(pieces);
  if (begins) {
    const length = String(spec.length ?? body.length);
    const framed: HttpField[] =
      framing === 'chunked'
        ? [{ name: 'Transfer-Encoding', value: 'chunked' }]
        : framing === 'length'
          ? [{ name: 'Content-Length', value: length }]
          : [];
    link.raw?.(headBytes(first, overlaid([...usual.fields, ...framed], spec.headers)));
  }
  const writes = spec.dribble === undefined ? pieces : cutInto(body, spec.dribble);
  for (const bytes of writes) if (bytes.length > 0) link.raw?.(framing === 'chunked' ? chunkBytes(bytes) : bytes);
  if (ends && framing === 'chunked') link.raw?.(lastChunk());
  if (ends && framing === 'close') link.close(0, '');
}

/** The usual fields with those of a script instead of them, in their places, and the others behind. */
function overlaid(usual: readonly HttpField[], given: Respond['headers'] = {}): HttpField[] {
  const lower = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  const written = ({ name, value }: { name: string; value: string | string[] | null }): HttpField[] =>
    value === null ? [] : [value].flat().map((each) => ({ name, value: each }));
  const kept = usual.flatMap((field) => {
    const instead = lower.get(field.name.toLowerCase());
    lower.delete(field.name.toLowerCase());
    return instead === undefined ? [field] : written(instead);
  });
  return [...kept, ...[...lower.values()].flatMap(written)];
}

/** The bytes of a piece of a body. Throws an Error where a value is no message of the procedure. */
export function pieceBytes(piece: Piece, usual: Usual): Uint8Array {
  const plain = contentOf(piece, usual);
  const data = piece.gzip === true ? compress(plain, 'gzip') : plain;
  const flags = piece.flags ?? (piece.gzip === true ? FLAG.COMPRESSED : 0) | (piece.end === undefined ? 0 : FLAG.END);
  const whole = usual.isStream && piece.bare !== true ? writeEnvelope(flags, data, piece.length) : data;
  return whole.subarray(0, piece.cut);
}

function contentOf({ value, error, end, json, text, hex }: Piece, { procedure, codec, from }: Usual): Uint8Array {
  if (hex !== undefined) return fromHex(hex);
  if (text !== undefined) return new TextEncoder().encode(text);
  const written = error ?? end ?? json;
  if (written !== undefined) return new TextEncoder().encode(JSON.stringify(written));
  const known = procedures.get(procedure);
  if (known === undefined || value === undefined) return new Uint8Array();
  return writeMessage(from === 'client' ? known.input : known.output, codec, fromTagged(value));
}

/** Bytes that a script gives as they are: in hexadecimal, or as Latin-1. */
export function rawBytes({ hex, text }: NonNullable<ClientCommand['raw']>): Uint8Array {
  return hex === undefined ? latin1Bytes(text ?? '') : fromHex(hex);
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

function cutInto(bytes: Uint8Array, size: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return parts;
}
