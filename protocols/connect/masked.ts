import { type HttpHead, joinedValue, readHead } from '../carriers/http/head.ts';
import type { MessageFrame } from '../common/frame.ts';
import { latin1, latin1Bytes } from '../common/latin1.ts';
import type { Masking } from '../common/protocol.ts';
import type { Whereabouts } from '../common/whereabouts.ts';
import { type Codec, codecNamed } from './codec.ts';
import { compress, decompress, encodingOf, readContentType } from './content.ts';
import { headsOf, procedureIn } from './decode.ts';
import { FLAG, readEnvelope, writeEnvelope } from './envelope.ts';
import { messageBytes, readQuery } from './get.ts';
import { procedures, readMessage, writeMessage } from './schema.ts';
import { isSecretField } from './secrets.ts';
import { readJson } from './survey.ts';

/**
 * The bytes of a frame with its secrets masked: those of fields, and of messages though they are compressed, in base64 in a query, or
 * numbers of Protobuf. The same bytes where it has none.
 */
export function masked(frame: MessageFrame, at: Pick<Whereabouts, 'from' | 'heads'>, mask: Masking): Uint8Array {
  switch (frame.kind) {
    case 'head':
    case 'end':
      return mask.bytes(maskedLines(frame.data, at.from, mask));
    case 'torn':
    case 'broken':
      return mask.bytes(frame.data);
    default:
      return mask.bytes(maskedBody(frame.data, at, mask));
  }
}

/** Lines of fields, and what stands in the query of a request. */
function maskedLines(data: Uint8Array, from: Whereabouts['from'], mask: Masking): Uint8Array {
  const text = latin1(data);
  const hidden = text
    .split('\r\n')
    .map((line, i) => {
      if (i === 0 && from === 'client' && / HTTP\/\d\.\d$/.test(line)) return maskedRequestLine(line, data, mask);
      const [, name = '', before = '', value = ''] = /^([^:]+)(:[ \t]*)(.*)$/s.exec(line) ?? [];
      if (value === '') return line;
      return `${name}${before}${isSecretField(name, () => false) ? mask.secret(value) : memberOf(mask.value({ [name]: value }), name)}`;
    })
    .join('\r\n');
  return hidden === text ? data : latin1Bytes(hidden);
}

function memberOf(value: unknown, name: string): string {
  return String((value as Readonly<Record<string, unknown>>)[name]);
}

/** A request line whose query may hold a message. */
function maskedRequestLine(line: string, head: Uint8Array, mask: Masking): string {
  const read = readHead(head, 'request');
  if (!read.ok || read.value.kind !== 'request' || read.value.method !== 'GET') return line;
  const { target } = read.value;
  const { encoding = '', compression = 'identity', base64 } = readQuery(target);
  const procedure = procedures.get(procedureIn(target.split('?')[0] ?? ''));
  try {
    const bytes = messageBytes(target);
    const hidden = bytes === undefined ? bytes : maskedMessage(bytes, codecNamed(encoding), procedure?.input, mask);
    if (hidden === undefined || hidden === bytes) return line;
    const written = Buffer.from(compress(hidden, compression));
    const text = base64 ? written.toString('base64url') : encodeURIComponent(written.toString('utf8'));
    return line.replace(/([?&]message=)[^& ]*/, (_, before: string) => `${before}${text}`);
  } catch {
    return line;
  }
}

function maskedBody(data: Uint8Array, at: Pick<Whereabouts, 'from' | 'heads'>, mask: Masking): Uint8Array {
  const all = headsOf(at);
  const request = all.find((head) => head.kind === 'request');
  const own: HttpHead | undefined = at.from === 'client' ? request : all.findLast((head) => head.kind === 'response');
  const procedure = request === undefined ? undefined : procedures.get(procedureIn(request.target.split('?')[0] ?? ''));
  const type = at.from === 'client' ? procedure?.input : procedure?.output;
  const content = readContentType(own === undefined ? undefined : joinedValue(own.fields, 'content-type'));
  const encoding = encodingOf(own?.fields ?? [], content?.isStream === true);
  const envelope = content?.isStream === true ? readEnvelope(data) : undefined;
  if (envelope === undefined) return repacked(data, encoding, (plain) => maskedMessage(plain, content?.codec, type, mask));
  const { flags } = envelope;
  // What ends a stream is JSON in every codec.
  const codec = at.from === 'server' && (flags & FLAG.END) !== 0 ? 'json' : content?.codec;
  const hidden = repacked(envelope.data, (flags & FLAG.COMPRESSED) === 0 ? 'identity' : encoding, (plain) =>
    maskedMessage(plain, codec, type, mask),
  );
  return hidden === envelope.data ? data : writeEnvelope(flags, hidden);
}

/** Compressed bytes with others in them; the same where they are the same, or cannot be read. */
function repacked(bytes: Uint8Array, encoding: string, change: (plain: Uint8Array) => Uint8Array): Uint8Array {
  let plain: Uint8Array;
  try {
    plain = decompress(bytes, encoding);
  } catch {
    return bytes;
  }
  const hidden = change(plain);
  return hidden === plain ? bytes : compress(hidden, encoding);
}

/** A message in its codec, by what its members are called; then by the secrets that are known. */
function maskedMessage(
  plain: Uint8Array,
  codec: Codec | undefined,
  type: Parameters<typeof readMessage>[0] | undefined,
  mask: Masking,
): Uint8Array {
  return mask.bytes(byMembers(plain, codec, type, mask));
}

function byMembers(
  plain: Uint8Array,
  codec: Codec | undefined,
  type: Parameters<typeof readMessage>[0] | undefined,
  mask: Masking,
): Uint8Array {
  try {
    if (codec === 'proto') {
      const value = type === undefined ? undefined : readMessage(type, codec, plain);
      const hidden = mask.value(value);
      return type === undefined || hidden === value ? plain : writeMessage(type, codec, hidden);
    }
    const json = readJson(plain);
    const hidden = mask.value(json);
    return hidden === json ? plain : new TextEncoder().encode(JSON.stringify(hidden));
  } catch {
    return plain;
  }
}
