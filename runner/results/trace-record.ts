import { createHash } from 'node:crypto';
import type { Frame } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Decoded, Trace, TraceEvent } from '../../protocols/common/trace.ts';
import { isPlainObject, type Tagged, toTagged } from '../../protocols/common/value.ts';

/** Frame bodies longer than this are recorded in part: their beginning, their length and their hash. */
const LONGEST_WHOLE = 8 * 1024 * 1024;

/** How much of them is kept. */
const BEGINNING = 64 * 1024;

/** One line of a trace file: a trace event with its frame in base64 and words, secrets masked. */
export type TraceRecord = { readonly [key: string]: Tagged };

/** Writes an event as it may leave the machine: secrets masked, bytes in base64, the message in tagged form. */
export function traceRecord(event: TraceEvent, protocol: Protocol, codec: string): TraceRecord {
  switch (event.type) {
    case 'sent':
    case 'delivered': {
      const { frame, decoded, ...rest } = event;
      const masked = maskFrame(frame, decoded, protocol, codec);
      return { ...(toTagged(withoutUndefined(rest)) as TraceRecord), ...masked };
    }
    case 'opened':
    case 'closed':
    case 'fault':
    case 'step':
      return toTagged(withoutUndefined(event)) as TraceRecord;
    case 'application':
      return toTagged({ ...event, event: protocol.redact(event.event) }) as TraceRecord;
  }
}

/** A whole trace, as its events may leave the machine. */
export function recordsOf(trace: Trace, protocol: Protocol, codec: string): TraceRecord[] {
  return Array.from(trace, (event) => traceRecord(event, protocol, codec));
}

/** A frame in one line, secrets masked. */
export function frameSummary(frame: Frame, decoded: Decoded<unknown> | undefined, protocol: Protocol): string {
  return protocol.summarise(frame, maskDecoded(decoded, protocol));
}

function maskDecoded(decoded: Decoded<unknown> | undefined, protocol: Protocol): Decoded<unknown> | undefined {
  return decoded?.ok === true ? { ok: true, message: protocol.redact(decoded.message) } : decoded;
}

function maskFrame(frame: Frame, decoded: Decoded<unknown> | undefined, protocol: Protocol, codec: string): TraceRecord {
  const masked = maskDecoded(decoded, protocol);
  const summary = protocol.summarise(frame, masked);
  if (frame.kind !== 'message') return { frame: toTagged(withoutUndefined({ ...frame })), summary };
  const secret =
    masked?.ok === true && decoded?.ok === true && JSON.stringify(toTagged(masked.message)) !== JSON.stringify(toTagged(decoded.message));
  const data = secret && masked?.ok === true ? protocol.encode(masked.message, codec).data : frame.data;
  if (data.length > LONGEST_WHOLE) {
    const beginning = Buffer.from(data.subarray(0, BEGINNING)).toString('base64');
    const cut = { length: data.length, sha256: createHash('sha256').update(data).digest('hex') };
    return { frame: { kind: 'message', text: frame.text, data: beginning, ...cut }, ...(secret ? { masked: true } : {}), summary };
  }
  return {
    frame: { kind: 'message', text: frame.text, data: Buffer.from(data).toString('base64') },
    ...(secret ? { masked: true } : {}),
    ...(masked?.ok === true ? { message: toTagged(masked.message) } : {}),
    ...(masked?.ok === false ? { undecodable: masked.error } : {}),
    summary,
  };
}

function withoutUndefined(value: object): Record<string, unknown> {
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) : { ...value };
}
