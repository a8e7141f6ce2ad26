import { bodyLength, type MessageFrame, type Part, type Party, parties, type Written } from '../../protocols/common/frame.ts';
import type { Sequence } from '../../protocols/common/sequence.ts';
import { type DeliveredEvent, fromOf, type SentEvent, senderOf, type TraceEvent } from '../../protocols/common/trace.ts';
import { NOWHERE, type Place } from '../../protocols/common/whereabouts.ts';
import type { SpillForm } from '../spill/spilling-list.ts';
import { Content, isAsSent, type Reading, RecordedDelivered, RecordedSent } from './recorded-frame.ts';

/** About what an event takes in memory beside its frame's body, bytes. */
const EVENT_BYTES = 512;

/** What is said of a message's event in one byte; 0 stands for any other event. */
const MESSAGE = 1;
const DELIVERED = 2;
const TEXT = 4;
const ALTERED = 8;
/** Its body is written with it; that of a delivery that passed unaltered is where it was sent. */
const OWN_BODY = 16;
/** Of a part of a message. */
const HEAD = 32;
const LAST = 64;

/** Stands in a column where an event has none of it. */
const NONE = -1;

/** Events on disk. Messages and their parts are by far the most, so what they have in common is in columns; what they say is read anew. */
interface Columns {
  readonly firstN: number;
  readonly flags: Uint8Array;
  readonly t: Float64Array;
  readonly connection: Uint32Array;
  /** Who sent it, and whom a delivery reached, by their places among `parties`; a delivery between the ends names no sender. */
  readonly from: Int8Array;
  readonly to: Int8Array;
  readonly of: Int32Array;
  /** Index into `kinds`. */
  readonly kind: Uint16Array;
  readonly kinds: readonly string[];
  /** Of a part of a message. */
  readonly exchange: Int32Array;
  /** Of the bodies, which are written apart, one behind the other. */
  readonly bodyLength: Uint32Array;
  /** Of frames: where they are, as an index into `places`. */
  readonly place: Uint16Array;
  /** What went before frames, heads included that are on disk elsewhere: each segment can be read without another, whatever became of that. */
  readonly places: readonly Place[];
  /** Of frames whose bytes are not those of their bodies alone, by their place: few. */
  readonly written: ReadonlyMap<number, Written>;
  /** The events that are no messages. */
  readonly others: readonly TraceEvent[];
}

/** How trace events go to disk and come back. */
export function traceForm(reading: Reading): SpillForm<TraceEvent> {
  return {
    size: (event) => EVENT_BYTES + lengthOf(ownMessage(event)),
    write(events) {
      const columns = columnsFor(events.length);
      const others: TraceEvent[] = [];
      const bytes: Uint8Array[] = [];
      const places = new Map<Place, number>([[NOWHERE, 0]]);
      const kinds = new Map<string, number>();
      const written = new Map<number, Written>();
      for (let i = 0; i < events.length; i += 1) {
        const event = events[i];
        if (event === undefined) continue;
        columns.place[i] = numberOf(placeOf(event), places);
        const frame = messageOf(event);
        if (frame === undefined || !isFrame(event)) {
          others.push(plainOf(event));
          continue;
        }
        const isOwn = event.type === 'sent' || !isAsSent(event);
        columns.flags[i] = flagsOf(event, frame, isOwn);
        columns.t[i] = event.t;
        columns.connection[i] = event.connection;
        columns.from[i] = event.from === undefined ? NONE : parties.indexOf(event.from);
        if (event.type === 'delivered') columns.to[i] = parties.indexOf(event.to);
        columns.of[i] = (event.type === 'delivered' ? event.of : undefined) ?? NONE;
        columns.kind[i] = numberOf(frame.kind, kinds);
        columns.exchange[i] = frame.part?.exchange ?? NONE;
        if (!isOwn) continue;
        if (frame.written !== undefined) written.set(i, frame.written);
        columns.bodyLength[i] = bodyLength(frame);
        bytes.push(frame.data);
      }
      const named = { places: [...places.keys()], kinds: [...kinds.keys()] };
      const plain: Columns = { firstN: events[0]?.n ?? 0, ...columns, written, others, ...named };
      return { plain, bytes };
    },
    read(plain, bodies, trace) {
      // It is what `write` gave.
      const columns = plain as Columns;
      const segment: OnDisk = { columns, bodies, trace, reading };
      const others = columns.others.values();
      const events: TraceEvent[] = [];
      let bodyAt = 0;
      for (let i = 0; i < columns.flags.length; i += 1) {
        const event = columns.flags[i] === 0 ? others.next().value : messageAt(i, bodyAt, segment);
        bodyAt += columns.bodyLength[i] ?? 0;
        if (event !== undefined) events.push(revived(event, reading, placeAt(i, columns)));
      }
      return events;
    },
  };
}

/** A segment of a trace that comes back from disk. */
interface OnDisk {
  readonly columns: Columns;
  readonly bodies: () => Uint8Array;
  readonly trace: Sequence<TraceEvent>;
  readonly reading: Reading;
}

function columnsFor(count: number) {
  return {
    flags: new Uint8Array(count),
    t: new Float64Array(count),
    connection: new Uint32Array(count),
    from: new Int8Array(count),
    to: new Int8Array(count),
    of: new Int32Array(count),
    kind: new Uint16Array(count),
    exchange: new Int32Array(count),
    bodyLength: new Uint32Array(count),
    place: new Uint16Array(count),
  };
}

/** An event of a message whose body begins at `bodyAt`. Most are only passed over, so nothing is made of what they say until it is asked for. */
function messageAt(i: number, bodyAt: number, segment: OnDisk): TraceEvent {
  const { columns, trace, reading } = segment;
  const flags = columns.flags[i] ?? 0;
  const n = columns.firstN + i;
  const t = columns.t[i] ?? 0;
  const connection = columns.connection[i] ?? 0;
  const named = partyAt(columns.from[i]);
  const to = partyAt(columns.to[i]) ?? 'server';
  const from = named ?? senderOf({ to });
  const of = columns.of[i] === NONE ? undefined : columns.of[i];
  let known: Content | undefined;
  const content = (): Content => {
    known ??=
      ((flags & OWN_BODY) === 0 ? contentAt(trace, of) : undefined) ??
      new Content(messageFrom(i, bodyAt, segment), reading, placeAt(i, columns), from);
    return known;
  };
  if ((flags & DELIVERED) === 0) return new RecordedSent({ n, t, connection, from }, content);
  const fields = { n, t, connection, to, of, altered: (flags & ALTERED) !== 0 };
  return new RecordedDelivered(named === undefined ? fields : { ...fields, from: named }, content);
}

function messageFrom(i: number, bodyAt: number, { columns, bodies }: OnDisk): MessageFrame {
  const flags = columns.flags[i] ?? 0;
  const data = bodies().subarray(bodyAt, bodyAt + (columns.bodyLength[i] ?? 0));
  const part = partFrom(columns.exchange[i] ?? NONE, flags);
  const kind = columns.kinds[columns.kind[i] ?? 0] ?? 'message';
  const written = columns.written.get(i);
  return {
    ...{ kind, class: 'data', text: (flags & TEXT) !== 0, data },
    ...(part === undefined ? {} : { part }),
    ...(written === undefined ? {} : { written }),
  };
}

function partFrom(exchange: number, flags: number): Part | undefined {
  if (exchange === NONE) return undefined;
  return { exchange, ...((flags & HEAD) === 0 ? {} : { head: true }), ...((flags & LAST) === 0 ? {} : { last: true }) };
}

function partyAt(place: number | undefined): Party | undefined {
  return parties[place ?? NONE];
}

function placeAt(i: number, { place, places }: Columns): Place {
  return places[place[i] ?? 0] ?? NOWHERE;
}

/** What went before the frame of an event of a recorder. */
function placeOf(event: TraceEvent): Place {
  return event instanceof RecordedSent || event instanceof RecordedDelivered ? event.content.place : NOWHERE;
}

/** The number under which something stands among others. */
function numberOf<T>(what: T, numbers: Map<T, number>): number {
  const number = numbers.get(what) ?? numbers.size;
  numbers.set(what, number);
  return number;
}

/** What was sent as event `n`; undefined where that event is gone. Throws an Error where it is something else. */
export function contentAt(trace: Sequence<TraceEvent>, n: number | undefined): Content | undefined {
  const event = n === undefined ? undefined : trace.at(n);
  if (event instanceof RecordedSent) return event.content;
  if (n !== undefined && event === undefined) return undefined;
  throw new Error(`event ${n} of the trace is no frame that was sent`);
}

function isFrame(event: TraceEvent): event is SentEvent | DeliveredEvent {
  return event.type === 'sent' || event.type === 'delivered';
}

/** The message of an event, which columns can say; what is none goes as it is. */
function messageOf(event: TraceEvent): MessageFrame | undefined {
  return isFrame(event) && event.frame.class === 'data' ? event.frame : undefined;
}

function flagsOf(event: SentEvent | DeliveredEvent, frame: MessageFrame, isOwn: boolean): number {
  const delivered = event.type === 'sent' ? 0 : DELIVERED | (event.altered ? ALTERED : 0);
  const part = (frame.part?.head === true ? HEAD : 0) | (frame.part?.last === true ? LAST : 0);
  return MESSAGE | delivered | part | (isOwn ? OWN_BODY : 0) | (frame.text ? TEXT : 0);
}

/** The message whose body is written with an event. */
function ownMessage(event: TraceEvent): MessageFrame | undefined {
  return event.type === 'delivered' && isAsSent(event) ? undefined : messageOf(event);
}

function lengthOf(message: MessageFrame | undefined): number {
  return message === undefined ? 0 : bodyLength(message);
}

/** An event as plain values. */
function plainOf(event: TraceEvent): TraceEvent {
  return isFrame(event) ? { ...event, frame: event.frame, decoded: undefined } : event;
}

/** A sent or delivered event with its frame as the recorder keeps it. */
function revived(event: TraceEvent, reading: Reading, place: Place): TraceEvent {
  if (!isFrame(event) || event instanceof RecordedSent || event instanceof RecordedDelivered) return event;
  const from = fromOf(event);
  const content = new Content(event.frame, reading, place, from);
  return event.type === 'sent' ? new RecordedSent(event, content) : new RecordedDelivered(event, content);
}
