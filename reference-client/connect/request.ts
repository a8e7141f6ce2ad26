import type { HttpField } from '../../protocols/carriers/http/head.ts';
import { chunkBytes, headBytes, lastChunk } from '../../protocols/carriers/http/write.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { compress, contentType } from '../../protocols/connect/content.ts';
import { FLAG, writeEnvelope } from '../../protocols/connect/envelope.ts';
import { writeQuery } from '../../protocols/connect/get.ts';
import { fieldsOfMetadata, isReserved, type Metadata } from '../../protocols/connect/metadata.ts';
import { type Procedure, writeMessage } from '../../protocols/connect/schema.ts';
import type { ClientSettings } from './settings.ts';

/** The bytes of a unary request, by GET where that is asked for and may be. */
export function unaryRequest(
  procedure: Procedure,
  settings: ClientSettings,
  value: unknown,
  metadata: Metadata,
  byGet: boolean,
): Uint8Array[] {
  const { codec, encoding } = settings;
  const isGet = byGet && procedure.isFree;
  // The same message is to give the same URL, whatever the order in which it was put together (CONNECT-GET-10).
  const message = writeMessage(procedure.input, codec, isGet ? inOrder(value) : value, procedure.registry);
  const path = `${settings.prefix}/${procedure.name}`;
  const accepted = [{ name: 'Accept-Encoding', value: 'gzip' }];
  if (isGet) {
    const first = `GET ${path}?${writeQuery(codec, message, message.length === 0 ? 'identity' : encoding)} HTTP/1.1`;
    return [headBytes(first, [...common(settings), ...accepted, ...own(metadata)])];
  }
  // Nothing can be compressed, too; who was told to compress is seen to do it.
  const isCompressed = encoding !== 'identity';
  const body = isCompressed ? compress(message, encoding) : message;
  const fields: HttpField[] = [
    ...common(settings),
    { name: 'Connect-Protocol-Version', value: '1' },
    { name: 'Content-Type', value: contentType(false, codec) },
    ...(isCompressed ? [{ name: 'Content-Encoding', value: encoding }] : []),
    ...accepted,
    ...own(metadata),
    { name: 'Content-Length', value: String(body.length) },
  ];
  return [headBytes(`POST ${path} HTTP/1.1`, fields), ...(body.length === 0 ? [] : [body])];
}

/** A value with the members of its maps in the order of their names. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isPlainObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
}

/** The head of a request whose messages come in envelopes. */
export function streamHead(procedure: Procedure, settings: ClientSettings, metadata: Metadata): Uint8Array {
  return headBytes(`POST ${settings.prefix}/${procedure.name} HTTP/1.1`, [
    ...common(settings),
    { name: 'Connect-Protocol-Version', value: '1' },
    { name: 'Content-Type', value: contentType(true, settings.codec) },
    ...(settings.encoding === 'identity' ? [] : [{ name: 'Connect-Content-Encoding', value: settings.encoding }]),
    { name: 'Connect-Accept-Encoding', value: 'gzip' },
    ...own(metadata),
    { name: 'Transfer-Encoding', value: 'chunked' },
  ]);
}

/** A message of such a request. */
export function streamMessage(procedure: Procedure, { codec, encoding }: ClientSettings, value: unknown): Uint8Array {
  const plain = writeMessage(procedure.input, codec, value, procedure.registry);
  const isCompressed = encoding !== 'identity' && plain.length > 0;
  return chunkBytes(writeEnvelope(isCompressed ? FLAG.COMPRESSED : 0, isCompressed ? compress(plain, encoding) : plain));
}

/** The end of such a request. */
export const streamEnd = lastChunk();

function common({ host, timeoutMs }: ClientSettings): HttpField[] {
  return [{ name: 'Host', value: host }, ...(timeoutMs === 0 ? [] : [{ name: 'Connect-Timeout-Ms', value: String(timeoutMs) }])];
}

/** What the application says; what is the protocol's own is not taken from it (CONNECT-META-04). */
function own(metadata: Metadata): HttpField[] {
  return fieldsOfMetadata(metadata).filter(({ name }) => !isReserved(name));
}
