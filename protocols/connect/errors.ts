import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { isPlainObject } from '../common/value.ts';
import { unpadded } from './base64.ts';
import { type Code, isCode } from './codes.ts';
import { fieldsOfMetadata, groupedFields, type Metadata, metadataOfFields } from './metadata.ts';
import { messages } from './schema.ts';
import { readJson } from './survey.ts';

/** A detail of an error: its type's full name, and its bytes, and what its sender says of it in JSON. */
export interface Detail {
  readonly type: string;
  readonly value: Uint8Array;
  readonly debug?: unknown;
}

/** An error of Connect, as an end makes or reads it. */
export interface ConnectError {
  readonly code: Code;
  readonly message: string;
  readonly details: readonly Detail[];
}

/** Makes an error. */
export function failure(code: Code, message = '', details: readonly Detail[] = []): ConnectError {
  return { code, message, details };
}

/** What can be read of the JSON of an error: its code only where it is one of the 16. */
export interface ReadError {
  readonly code: Code | undefined;
  readonly message: string;
  readonly details: readonly Detail[];
}

/** Reads an error out of JSON that was parsed; undefined where that is no object. Members that are not known are skipped (CONNECT-ERROR-05). */
export function readError(json: unknown): ReadError | undefined {
  if (!isPlainObject(json)) return undefined;
  const { code, message, details } = json;
  return {
    code: isCode(code) ? code : undefined,
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(details) ? details.flatMap(readDetail) : [],
  };
}

function readDetail(json: unknown): Detail[] {
  if (!isPlainObject(json) || typeof json['type'] !== 'string' || typeof json['value'] !== 'string') return [];
  // CONNECT-ERROR-04: nothing hangs on `debug`.
  return [{ type: json['type'], value: new Uint8Array(Buffer.from(json['value'], 'base64')) }];
}

/** The JSON of an error. */
export function writeError({ code, message, details }: ConnectError): Record<string, unknown> {
  return {
    code,
    ...(message === '' ? {} : { message }),
    ...(details.length === 0 ? {} : { details: details.map(writeDetail) }),
  };
}

function writeDetail({ type, value, debug }: Detail): Record<string, unknown> {
  return { type, value: unpadded(value), ...(debug === undefined ? {} : { debug }) };
}

/** A detail as applications see it: with the JSON of a message whose type is known here, else its bytes. */
export function shownDetail({ type, value }: Detail): Record<string, unknown> {
  const known = messages.get(type);
  try {
    return known === undefined ? { type, value: unpadded(value) } : { type, message: toJson(known, fromBinary(known, value)) };
  } catch {
    return { type, value: unpadded(value) };
  }
}

/** An error as cases write it, its details as applications see them. */
export function shownError({ code, message, details }: ReadError): { code: Code | undefined; message: string; details: unknown[] } {
  return { code, message, details: details.map(shownDetail) };
}

/** A detail that holds a message of the test services. */
export function detailOf(type: string, json: unknown): Detail {
  const known = messages.get(type);
  if (known === undefined) throw new Error(`${type} is no message of the test services`);
  const message = fromJson(known, json as JsonValue);
  return { type, value: toBinary(known, message), debug: toJson(known, message) };
}

/** What ends a stream, read out of its message. */
export type EndOfStream =
  | { readonly ok: true; readonly error: ReadError | undefined; readonly metadata: Metadata }
  | { readonly ok: false; readonly why: string };

/** Reads the message that ends a stream (CONNECT-END-01 to 06). */
export function readEndOfStream(bytes: Uint8Array): EndOfStream {
  let json: unknown;
  try {
    json = readJson(bytes);
  } catch {
    return { ok: false, why: 'it is no JSON' };
  }
  if (!isPlainObject(json)) return { ok: false, why: 'it is no JSON object' };
  const { error, metadata } = json;
  const fields = isPlainObject(metadata)
    ? Object.entries(metadata).flatMap(([name, values]) =>
        (Array.isArray(values) ? values : []).flatMap((value) => (typeof value === 'string' ? [{ name, value }] : [])),
      )
    : [];
  return { ok: true, error: error === null ? undefined : readError(error), metadata: metadataOfFields(fields) };
}

/** The message that ends a stream. */
export function writeEndOfStream(error: ConnectError | undefined, metadata: Metadata): Uint8Array {
  const grouped = groupedFields(fieldsOfMetadata(metadata));
  return new TextEncoder().encode(
    JSON.stringify({
      ...(error === undefined ? {} : { error: writeError(error) }),
      ...(grouped.size === 0 ? {} : { metadata: Object.fromEntries(grouped) }),
    }),
  );
}
