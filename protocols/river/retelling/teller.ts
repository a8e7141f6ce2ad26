import { endOf, type MessageFrame, peerOf, type Role } from '../../common/frame.ts';
import type { Deed, StepInWords, Telling } from '../../common/retelling.ts';
import type { ClosedEvent, DeliveredEvent, OpenedEvent, SentEvent, Trace } from '../../common/trace.ts';
import { isPlainObject } from '../../common/value.ts';
import { kindOf } from '../classify.ts';
import type { RiverMessage } from '../message.ts';
import { type Books, newBooks, take } from './books.ts';
import type { LooseMessage } from './envelope.ts';
import { looseMessage } from './loose.ts';
import { type Names, newNames } from './names.ts';
import { type StreamFacts, streamsOf } from './streams.ts';

/** What a frame carries, as both the judges' decoder and a patient one read it. */
export interface Reading {
  readonly n: number;
  readonly t: number;
  readonly connection: number;
  readonly kind: string;
  readonly message: RiverMessage | undefined;
  readonly loose: LooseMessage | undefined;
  readonly frame: MessageFrame;
}

/** A connection as the trace has shown it so far. */
export interface Line {
  readonly n: number;
  readonly t: number;
  /** Ids of the ends, as the handshake says them. */
  client: string | undefined;
  server: string | undefined;
  /** The first handshake request on it. */
  request: Reading | undefined;
  /** The first frame of the server. */
  response: Reading | undefined;
  /** Whether the response let the client in. */
  established: boolean;
  /** Since when the session lives on it, and the event that shows it. */
  since: { readonly n: number; readonly t: number } | undefined;
  /** When the end under test was heard last, ms. */
  heard: number;
  /** The end under test gave its peer reason to leave. */
  offended: boolean;
  /** The peer did what no conforming one does, so that the end under test may leave. */
  provoked: boolean;
  closed: boolean;
}

/** What one side of a retelling does with what it reads; `underTest` and the peer are roles. */
export interface Teller {
  opened?(event: OpenedEvent, line: Line): void;
  /** The end under test sent this. */
  tested(reading: Reading, line: Line): void;
  /** The peer sent this. */
  peer(reading: Reading, line: Line): void;
  closed(event: ClosedEvent, line: Line, code: number | undefined): void;
  /** The trace is over, at `t` ms. */
  finish(t: number): void;
}

/** What a teller writes into, and asks. */
export interface Desk {
  readonly telling: Telling;
  readonly names: Names;
  readonly streams: ReadonlyMap<string, StreamFacts>;
  readonly deeds: Deed[];
  readonly needs: Set<string>;
  readonly unsaid: Set<string>;
  /** The books that the peer keeps with a client, in a session. */
  books(client: string, session: string): Books;
  add(n: number, by: Deed['by'], step: StepInWords): void;
}

/** A desk for a trace. */
export function newDesk(trace: Trace<RiverMessage>, telling: Telling, bound: ReadonlyMap<string, string>): Desk {
  const books = new Map<string, Books>();
  const deeds: Deed[] = [];
  return {
    telling,
    deeds,
    names: newNames(new Map([...bound].map(([call, streamId]) => [streamId, call]))),
    streams: streamsOf(trace, telling.procedureKinds),
    needs: new Set(),
    unsaid: new Set(),
    books(client, session) {
      const key = JSON.stringify([client, session]);
      const found = books.get(key) ?? newBooks();
      books.set(key, found);
      return found;
    },
    add: (n, by, step) => void deeds.push({ n, by, step }),
  };
}

/** Reads a trace to a teller. */
export function readTo(teller: Teller, trace: Trace<RiverMessage>, desk: Desk): void {
  const { underTest, binding } = desk.telling;
  const lines = new Map<number, Line>();
  const codes = new Map<string, number | undefined>();
  let t = 0;
  for (const event of trace) {
    t = event.t;
    switch (event.type) {
      case 'opened': {
        const line = newLine(event);
        lines.set(event.connection, line);
        teller.opened?.(event, line);
        break;
      }
      case 'sent': {
        const line = lines.get(event.connection);
        if (line === undefined) break;
        if (event.frame.class === 'closing') codes.set(`${event.connection} ${event.from}`, event.frame.code);
        const reading = readingOf(event, binding);
        if (reading === undefined) break;
        learn(line, reading, endOf(event.from));
        if (event.from === underTest) teller.tested(reading, line);
        else teller.peer(reading, line);
        break;
      }
      case 'delivered': {
        const line = lines.get(event.connection);
        if (line === undefined) break;
        // Neither end has closed what a fault does.
        if (event.frame.class === 'closing' && event.of === undefined) line.offended = line.provoked = true;
        if (event.to === peerOf(underTest)) hear(line, event, desk);
        break;
      }
      case 'closed': {
        const line = lines.get(event.connection);
        if (line === undefined || line.closed) break;
        line.closed = true;
        teller.closed(event, line, event.code ?? codes.get(`${event.connection} ${event.by}`));
        break;
      }
      default:
        break;
    }
  }
  teller.finish(t);
}

function newLine({ n, t }: OpenedEvent): Line {
  const nothing = { client: undefined, server: undefined, request: undefined, response: undefined, since: undefined };
  return { n, t, ...nothing, established: false, heard: t, offended: false, provoked: false, closed: false };
}

function readingOf(event: SentEvent<RiverMessage>, binding: string): Reading | undefined {
  const { n, t, connection, frame, decoded } = event;
  if (frame.class !== 'data') return undefined;
  const message = decoded?.ok ? decoded.message : undefined;
  return { n, t, connection, kind: kindOf(frame, decoded), message, loose: looseMessage(frame, binding), frame };
}

/** Learns from handshakes who talks on a connection. */
function learn(line: Line, reading: Reading, from: Role): void {
  const { message, kind, loose } = reading;
  if (from === 'client' && line.request === undefined && kind === 'handshake-request') {
    line.request = reading;
    line.client = message?.from;
    line.server = message?.to;
  }
  if (from === 'server' && line.response === undefined && line.request !== undefined) {
    line.response = reading;
    if (line.server === undefined || typeof loose?.['from'] === 'string') line.server = String(loose?.['from'] ?? line.server);
    line.established = letsIn(loose?.['payload']);
    if (line.established) line.since = reading;
  }
}

function letsIn(payload: unknown): boolean {
  const status = isPlainObject(payload) ? payload['status'] : undefined;
  return isPlainObject(status) && status['ok'] === true;
}

/** Enters into the peer's books what reached it. */
function hear(line: Line, { frame, decoded, t }: DeliveredEvent<RiverMessage>, desk: Desk): void {
  if (frame.class !== 'data') return;
  if (!decoded?.ok) {
    line.offended = true;
    return;
  }
  const { message } = decoded;
  if (!line.established || kindOf(frame, decoded).startsWith('handshake')) return;
  const books = desk.books(line.client ?? '', sessionOf(line));
  const tested = desk.telling.underTest === 'client' ? line.client : line.server;
  if (message.from !== tested || message.seq > books.ack) line.offended = true;
  if (message.seq === books.ack) line.heard = t;
  take(books, message, t);
}

/** The id of the session that a connection carries. */
export function sessionOf(line: Line): string {
  const payload = line.request?.loose?.['payload'];
  const id = isPlainObject(payload) ? payload['sessionId'] : undefined;
  return typeof id === 'string' ? id : '';
}
