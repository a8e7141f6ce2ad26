import type { Meter } from '../common/limits.ts';
import { decodeJson, encodeJson } from './codec-json.ts';
import { decodeMsgpack, encodeMsgpack } from './codec-msgpack.ts';
import { OpenFormError } from './open-form.ts';

/** Names of River's codecs. */
export const codecNames = ['json', 'msgpack'] as const;

/** A value that the codec cannot carry (RIVER-ERR-19). */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/** Bytes that are no message of the codec (RIVER-CODEC-11). `custom`: see `Decoded`. */
export class DecodingError extends Error {
  override readonly name = 'DecodingError';
  readonly custom: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly custom?: string | undefined }) {
    super(message, options);
    this.custom = options?.custom;
  }
}

/** Encodes any value as one River message, conforming or not. Throws `EncodingError`. */
export function encodeMessage(message: unknown, codec: string): Uint8Array {
  const encode = codec === 'json' ? encodeJson : codec === 'msgpack' ? encodeMsgpack : undefined;
  if (encode === undefined) throw new EncodingError(unknownCodec(codec));
  try {
    return encode(message);
  } catch (cause) {
    throw new EncodingError(`not encodable as ${codec}: ${reason(cause)}`, { cause });
  }
}

/** Decodes the body of one message; the envelope is not looked at. `meter` counts its values. Throws `DecodingError`. */
export function decodeMessage(data: Uint8Array, codec: string, meter?: Meter): unknown {
  const decode = codec === 'json' ? decodeJson : codec === 'msgpack' ? decodeMsgpack : undefined;
  if (decode === undefined) throw new DecodingError(unknownCodec(codec));
  try {
    return decode(data, meter);
  } catch (cause) {
    throw new DecodingError(`not ${codec}: ${reason(cause)}`, { cause, custom: customOf(cause) });
  }
}

/** What a MessagePack decoder may let pass: the library's words for what it refuses though it could be read. */
const READABLE = /__proto__|^Extra \d+ of/;

function customOf(cause: unknown): string | undefined {
  if (cause instanceof OpenFormError) return cause.custom;
  return cause instanceof Error && READABLE.test(cause.message) ? 'RIVER-CODEC-11' : undefined;
}

function unknownCodec(codec: string): string {
  return `River has no codec "${codec}"; it has ${codecNames.join(' and ')}`;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
