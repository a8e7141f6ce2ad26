import { type Codec, codecNamed } from './codec.ts';
import { compress, decompress } from './content.ts';
import type { Query } from './message.ts';
import { type Procedure, readMessage, type Value } from './schema.ts';

/** The parameters of a query, in order, percent-decoded; what cannot be decoded stays as it is. */
export function parametersOf(target: string): (readonly [name: string, value: string])[] {
  const at = target.indexOf('?');
  if (at < 0 || at === target.length - 1) return [];
  return target
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return [decoded(name), decoded(rest.join('='))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** What a query says beside its message. */
export function readQuery(target: string): Query {
  const parameters = parametersOf(target);
  const value = (name: string): string | undefined => parameters.find(([each]) => each === name)?.[1];
  return {
    names: parameters.map(([name]) => name),
    encoding: value('encoding'),
    compression: value('compression'),
    base64: value('base64') === '1',
    connect: value('connect'),
  };
}

/** The bytes of the message in a query, decompressed; undefined where there is none (CONNECT-GET-05, 09). Throws an Error where they are not what they say. */
export function messageBytes(target: string, most?: number): Uint8Array | undefined {
  const { base64, compression } = readQuery(target);
  const text = parametersOf(target).find(([name]) => name === 'message')?.[1];
  if (text === undefined) return undefined;
  if (base64 && !/^[\w-]*={0,2}$/.test(text)) throw new Error('the message is no base64 of the URL-safe alphabet');
  const bytes = base64 ? new Uint8Array(Buffer.from(text, 'base64url')) : new TextEncoder().encode(text);
  return decompress(bytes, compression ?? 'identity', most);
}

/** The message of a GET; undefined where it cannot be read. */
export function readGet(target: string, procedure: Procedure | undefined): Value | undefined {
  const codec = codecNamed(readQuery(target).encoding ?? '');
  if (codec === undefined || procedure === undefined) return undefined;
  try {
    const bytes = messageBytes(target);
    return bytes === undefined ? undefined : readMessage(procedure.input, codec, bytes);
  } catch {
    return undefined;
  }
}

/** The query of a GET, its parameters in the recommended order (CONNECT-GET-02, 03, 06). */
export function writeQuery(codec: Codec, message: Uint8Array, encoding: string): string {
  const isBinary = codec === 'proto' || encoding !== 'identity';
  const bytes = Buffer.from(compress(message, encoding));
  const text = isBinary ? bytes.toString('base64url') : encodeURIComponent(bytes.toString('utf8'));
  return [
    'connect=v1',
    ...(isBinary ? ['base64=1'] : []),
    ...(encoding === 'identity' ? [] : [`compression=${encoding}`]),
    `encoding=${codec}`,
    `message=${text}`,
  ].join('&');
}
