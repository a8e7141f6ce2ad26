import { bodyLength, type Frame, type MessageFrame } from '../../protocols/common/frame.ts';
import type { NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Decoded, DeliveredEvent, SentEvent, Trace, TraceEvent } from '../../protocols/common/trace.ts';
import { isPlainObject, sameValue, type Tagged, toTagged } from '../../protocols/common/value.ts';
import { startPlaces, type Whereabouts } from '../../protocols/common/whereabouts.ts';
import { type Secret, secretsIn } from '../masking/gather.ts';
import { secretsInHead } from '../masking/head.ts';
import type { Masker } from '../masking/masker.ts';
import { veiled } from '../masking/veil.ts';
import {
  aboutOf,
  BEGINNING,
  beginningAndHash,
  beginningRecord,
  LONGEST_WHOLE,
  MOST_WHOLE,
  veiledUnlessShown,
  withBeginning,
} from './long-frames.ts';

/** One line of a trace file: a trace event with its frame in base64 and words, secrets masked. */
export type TraceRecord = { readonly [key: string]: Tagged };

/** What recording takes beside the events. */
export interface Recording {
  readonly protocol: Protocol;
  readonly binding: string;
  readonly masker: Masker;
  /** Where messages are; without it, on connections that nothing opened. */
  readonly whereabouts?: (event: SentEvent | DeliveredEvent) => Whereabouts;
  /** The trace has so much already that only beginnings of long frames are recorded. */
  readonly isFull?: boolean;
}

/** Writes an event as it may leave the machine: secrets masked, bytes in base64, the message in tagged form. */
export function traceRecord(event: TraceEvent, recording: Recording, streams: Streams = NO_STREAMS): TraceRecord {
  const { masker } = recording;
  switch (event.type) {
    case 'sent':
    case 'delivered': {
      const { frame, decoded, masked: _, ...rest } = event;
      const stream = streams.get(event.n);
      const words = { kind: recording.protocol.kindOf(frame, decoded), ...(stream === undefined ? {} : { stream }) };
      // What was delivered as it was sent has the fields of what was sent.
      const made = event.type === 'sent' || event.altered || event.of === undefined;
      return {
        ...(toTagged(withoutUndefined(rest)) as TraceRecord),
        ...(event.type === 'sent' ? words : {}),
        ...frameRecord(frame, decoded, recording, placeOf(event, recording), made),
      };
    }
    case 'fault':
      return toTagged(withoutUndefined({ ...event, what: masker.keptText(event.what) })) as TraceRecord;
    case 'carrier': {
      const { problem } = event;
      return toTagged({ ...event, problem: { ...problem, text: masker.keptText(problem.text) } }) as TraceRecord;
    }
    case 'opened':
    case 'closed':
    case 'step':
      return toTagged(withoutUndefined(event)) as TraceRecord;
    case 'application': {
      const { kind, ...rest } = event.event;
      return toTagged({ ...event, event: { kind, ...(masker.kept(rest) as typeof rest) } }) as TraceRecord;
    }
  }
}

/** A whole trace, as its events may leave the machine. */
export function recordsOf(trace: Trace, recording: Recording, streams?: Streams, mostWhole?: number): TraceRecord[] {
  return [...eachRecord(trace, recording, streams, mostWhole)];
}

/** The same, one after the other; `mostWhole`: see `MOST_WHOLE`. */
export function* eachRecord(trace: Trace, recording: Recording, streams?: Streams, mostWhole: number = MOST_WHOLE): Generator<TraceRecord> {
  const places = startPlaces(recording.binding);
  let bytes = 0;
  for (const event of trace) {
    if (event.type === 'sent') places.learn(event.connection, event.frame);
    if (event.type === 'sent' || event.type === 'delivered') bytes += event.frame.class === 'data' ? bodyLength(event.frame) : 0;
    yield traceRecord(event, { ...recording, whereabouts: places.ofEvent, isFull: bytes > mostWhole }, streams);
  }
}

/** The streams of a trace's frames, by `n`: the names that its normal form gives them. */
export type Streams = ReadonlyMap<number, string>;

const NO_STREAMS: Streams = new Map();

/** Which stream each frame belongs to, as far as the normal form of its trace says. */
export function streamsOf({ lanes }: NormalisedTrace): Streams {
  const streams = new Map<number, string>();
  for (const { name, items } of lanes) for (const { events } of items) for (const n of events) streams.set(n, name);
  return streams;
}

/** A frame in one line, secrets masked. */
export function frameSummary(
  frame: Frame,
  decoded: Decoded<unknown> | undefined,
  { protocol, masker }: Pick<Recording, 'protocol' | 'masker'>,
): string {
  const shown: Decoded<unknown> | undefined =
    decoded?.ok === true
      ? { ok: true, message: masker.shown(decoded.message, protocol.secretPaths(decoded.message, masker.keys)) }
      : decoded;
  return masker.words(protocol.summarise(frame, shown));
}

/** Where a frame is. */
function placeOf(event: SentEvent | DeliveredEvent, { binding, whereabouts = startPlaces(binding).ofEvent }: Recording): Whereabouts {
  return whereabouts(event);
}

function frameRecord(
  frame: Frame,
  decoded: Decoded<unknown> | undefined,
  recording: Recording,
  at: Whereabouts,
  withFields: boolean,
): TraceRecord {
  if (recording.isFull === true && frame.class === 'data' && frame.data.length > BEGINNING)
    return beginningRecord(frame, decoded, recording);
  const summary = frameSummary(frame, decoded, recording);
  if (frame.class === 'opening')
    return {
      frame: toTagged({ ...frame, data: maskedHead(frame.data, recording) }),
      summary,
    };
  if (frame.class !== 'data') return { frame: toTagged(withoutUndefined(recording.masker.kept({ ...frame }) as object)), summary };
  const { data, message } = maskedFrame(frame, decoded, recording, at);
  const masked = data === frame.data ? {} : { masked: true };
  const about = aboutOf(frame);
  if (data.length > LONGEST_WHOLE) return { frame: { ...about, ...beginningAndHash(data) }, ...masked, summary };
  return {
    frame: { ...about, data: Buffer.from(data).toString('base64') },
    ...masked,
    ...(decoded?.ok === true ? { message: toTagged(message) } : {}),
    ...(decoded?.ok === false ? { undecodable: recording.masker.words(decoded.error) } : {}),
    summary,
    ...(withFields ? { fields: fieldsOf({ ...frame, data }, decoded?.ok === true, recording, at) } : {}),
  };
}

/** The fields of a frame without its secrets. Values are in the message, where there is one. */
function fieldsOf(frame: MessageFrame, isDecoded: boolean, { protocol }: Recording, at: Whereabouts): Tagged {
  return protocol.fields(frame, at).map(({ path, at, form, says, text }) => ({
    path: [...path],
    at: [...at],
    ...(form === undefined ? {} : { form }),
    ...(says === undefined ? {} : { says }),
    ...(text === undefined || isDecoded ? {} : { text }),
  }));
}

/**
 * A frame without its secrets: masked in place, so that its length and form stay as they were. Where that does not give the
 * message without its secrets, as with a number in binary, that message is written anew.
 */
function maskedFrame(
  frame: MessageFrame,
  decoded: Decoded<unknown> | undefined,
  recording: Recording,
  at: Whereabouts,
): { readonly data: Uint8Array; readonly message: unknown } {
  const { protocol, binding, masker } = recording;
  if (decoded?.ok !== true) {
    const hide = (bytes: Uint8Array): Uint8Array => veiledUnlessShown(masker.keptBytes(bytes), protocol, masker);
    return { data: frame.data.length > LONGEST_WHOLE ? withBeginning(frame.data, hide) : hide(frame.data), message: undefined };
  }
  const paths = protocol.secretPaths(decoded.message, masker.keys);
  const message = masker.kept(decoded.message, paths);
  const own = message === decoded.message ? [] : [...secretsIn(decoded.message, masker.keys, paths)];
  const data = masked(frame, own, recording, at);
  if (message === decoded.message && data === frame.data) return { data, message };
  const read = protocol.decode({ ...frame, data }, at);
  if (read.ok && sameValue(read.message, message)) return { data, message };
  if (protocol.masked === undefined) return { data: protocol.encode(message, binding).data, message };
  // Of a message that was written anew its lengths are others, but nothing of it is secret any more.
  const told = read.ok ? new Set([...secretsIn(read.message, masker.keys, paths)].map(String)) : new Set();
  if (read.ok && !own.some((secret) => told.has(String(secret)))) return { data, message: read.message };
  return { data: new Uint8Array(frame.data.length).fill(HIDDEN), message };
}

/** The bytes of a head that opens a connection, without what its fields, its query and its subprotocols say of secrets. */
function maskedHead(data: Uint8Array, { protocol, masker }: Recording): Uint8Array {
  if (!masker.masking) return data;
  return veiled(masker.keptBytes(data, [...secretsInHead(data, masker.keys)]), protocol.secretWords);
}

/** What stands in the place of each byte of a frame that can be told in no other way. */
const HIDDEN = 0x78;

/** The bytes of a frame with its secrets masked; `own`: those in it, however short. */
function masked(frame: MessageFrame, own: readonly Secret[], { protocol, masker }: Recording, at: Whereabouts): Uint8Array {
  const bytes = (plain: Uint8Array): Uint8Array => masker.keptBytes(plain, own);
  if (protocol.masked === undefined || !masker.masking) return bytes(frame.data);
  return protocol.masked(frame, at, { value: (value) => masker.kept(value), bytes, secret: masker.fill });
}

function withoutUndefined(value: object): Record<string, unknown> {
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) : { ...value };
}
