import { type HttpHead, joinedValue, readHead, readTrailers } from '../carriers/http/head.ts';
import type { MessageFrame } from '../common/frame.ts';
import { latin1 } from '../common/latin1.ts';
import type { Meter } from '../common/limits.ts';
import type { Decoded } from '../common/trace.ts';
import type { Whereabouts } from '../common/whereabouts.ts';
import type { Codec } from './codec.ts';
import { decompress, encodingOf, readContentType } from './content.ts';
import { FLAG, readEnvelope } from './envelope.ts';
import { readEndOfStream, readError } from './errors.ts';
import { readGet, readQuery } from './get.ts';
import type { Body, ConnectMessage, EndOfStream, Message } from './message.ts';
import { procedures, readMessage } from './schema.ts';
import { readJson, valuesIn } from './survey.ts';

/** Reads a frame by the heads of its exchange. Never throws. What was compressed costs the meter a value for each 64 bytes of it. */
export function decode(frame: MessageFrame, at: Pick<Whereabouts, 'from' | 'heads'>, meter?: Meter): Decoded<ConnectMessage> {
  const place = { exchange: frame.part?.exchange ?? 0, last: frame.part?.last === true };
  switch (frame.kind) {
    case 'head': {
      const read = readHead(frame.data, at.from === 'client' ? 'request' : 'response');
      return read.ok ? { ok: true, message: { ...place, ...headOf(read.value) } } : { ok: false, error: read.fault.text };
    }
    case 'end': {
      const read = readTrailers(frame.data);
      return read.ok ? { ok: true, message: { ...place, type: 'end', fields: read.value } } : { ok: false, error: read.fault.text };
    }
    case 'torn':
    case 'broken':
      return { ok: true, message: { ...place, type: frame.kind, size: frame.data.length, text: latin1(frame.data.subarray(0, 200)) } };
    default: {
      let cost = 0;
      const count = (values: number): void => {
        cost += values;
      };
      // Without a meter nobody asks how much it is, and it is not looked at a second time.
      const message = { ...place, ...dataOf(frame.data, at, meter === undefined ? undefined : count) };
      const error = meter?.spend(Math.ceil(cost));
      return error === undefined ? { ok: true, message } : { ok: false, error };
    }
  }
}

/** Bytes of what was compressed that count as one value. */
const A_VALUE = 64;

type Unplaced<T> = T extends ConnectMessage ? Omit<T, 'exchange' | 'last'> : never;

function headOf(head: HttpHead): Unplaced<ConnectMessage> {
  if (head.kind === 'response') return { type: 'response', status: head.status, reason: head.reason, fields: head.fields };
  const { method, target, fields } = head;
  const path = target.split('?')[0] ?? '';
  const procedure = procedureIn(path);
  const isGet = method === 'GET';
  return {
    type: 'request',
    method,
    target,
    path,
    procedure,
    fields,
    query: isGet ? readQuery(target) : undefined,
    value: isGet ? readGet(target, procedures.get(procedure)) : undefined,
  };
}

/** The procedure that a path names: its last two segments. */
export function procedureIn(path: string): string {
  return path.split('/').slice(-2).join('/');
}

function dataOf(
  data: Uint8Array,
  { from, heads = [] }: Pick<Whereabouts, 'from' | 'heads'>,
  spend: ((values: number) => void) | undefined,
): Unplaced<Body | Message | EndOfStream> {
  const weigh = (bytes: Uint8Array, packed: Uint8Array, codec: Codec | undefined): void => {
    if (spend === undefined) return;
    spend(bytes === packed ? 0 : bytes.length / A_VALUE);
    if (codec !== undefined) spend(attempt(() => valuesIn(bytes, codec, type)).value ?? 0);
  };
  const all = headsOf({ heads });
  const request = all.find((head) => head.kind === 'request');
  const response = all.findLast((head) => head.kind === 'response');
  const procedure = procedures.get(procedureIn(request?.target.split('?')[0] ?? ''));
  const own = from === 'client' ? request : response;
  const type = from === 'client' ? procedure?.input : procedure?.output;
  const content = readContentType(own === undefined ? undefined : joinedValue(own.fields, 'content-type'));
  const encoding = encodingOf(own?.fields ?? [], content?.isStream === true);
  if (content?.isStream === true) {
    const envelope = readEnvelope(data);
    if (envelope !== undefined) {
      const isEnd = from === 'server' && (envelope.flags & FLAG.END) !== 0;
      const { flags } = envelope;
      const plain = unpacked(envelope.data, (flags & FLAG.COMPRESSED) === 0 ? 'identity' : encoding);
      const { packing } = plain;
      if (plain.bytes !== undefined) weigh(plain.bytes, envelope.data, isEnd ? 'json' : content.codec);
      if (isEnd) return { type: 'end-of-stream', flags, packing, ...endIn(plain) };
      const size = envelope.data.length;
      if (plain.bytes === undefined) return { type: 'message', flags, size, value: undefined, packing, unread: plain.why };
      const { bytes } = plain;
      const read = attempt(() => (type === undefined || content.codec === undefined ? undefined : readMessage(type, content.codec, bytes)));
      return { type: 'message', flags, size, value: read.value, packing, unread: read.why };
    }
  }
  const plain = attempt(() => decompress(data, encoding)).value ?? data;
  weigh(plain, data, content?.codec);
  const isError = response !== undefined && from === 'server' && response.status !== 200;
  const json = content?.name === 'json' ? attempt(() => readJson(plain)).value : undefined;
  const value =
    isError || content?.codec === undefined || type === undefined
      ? undefined
      : attempt(() => readMessage(type, content.codec ?? 'json', plain)).value;
  const text = value === undefined && json === undefined ? latin1(plain.subarray(0, 200)) : undefined;
  return { type: 'body', size: data.length, value, error: isError ? readError(json) : undefined, json, text };
}

/** Bytes of an envelope without their compression, or why there are none. */
type Unpacked =
  | { readonly packing: 'sound'; readonly bytes: Uint8Array; readonly why?: undefined }
  | { readonly packing: 'broken' | 'too-large'; readonly bytes?: undefined; readonly why: string };

function unpacked(data: Uint8Array, encoding: string): Unpacked {
  try {
    return { packing: 'sound', bytes: decompress(data, encoding) };
  } catch (error) {
    return { packing: error instanceof RangeError ? 'too-large' : 'broken', why: error instanceof Error ? error.message : String(error) };
  }
}

function endIn({ bytes, why }: Unpacked): Pick<EndOfStream, 'error' | 'metadata' | 'json' | 'unread'> {
  if (bytes === undefined) return { error: undefined, metadata: {}, json: undefined, unread: why };
  const read = readEndOfStream(bytes);
  const json = attempt(() => readJson(bytes)).value;
  return read.ok
    ? { error: read.error, metadata: read.metadata, json, unread: undefined }
    : { error: undefined, metadata: {}, json, unread: read.why };
}

function attempt<T>(make: () => T): { readonly value: T | undefined; readonly why: string | undefined } {
  try {
    return { value: make(), why: undefined };
  } catch (error) {
    return { value: undefined, why: error instanceof Error ? error.message : String(error) };
  }
}

/** The heads of an exchange that can be read. */
export function headsOf({ heads = [] }: Pick<Whereabouts, 'heads'>): readonly HttpHead[] {
  return heads.flatMap((head) => {
    const read = readHead(head.data, isRequest(head.data) ? 'request' : 'response');
    return read.ok ? [read.value] : [];
  });
}

function isRequest(head: Uint8Array): boolean {
  return !latin1(head.subarray(0, 5)).startsWith('HTTP/');
}
