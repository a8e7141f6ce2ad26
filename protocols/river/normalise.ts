import { endOf, type Party } from '../common/frame.ts';
import type { RunFacts } from '../common/invariant.ts';
import { type LaneBook, laneBook } from '../common/lanes.ts';
import type { CallFacts, NormalisedTrace } from '../common/normalise.ts';
import type { SentEvent, Trace } from '../common/trace.ts';
import { ownMember, sameValue } from '../common/value.ts';
import { bind } from './bind.ts';
import type { Circumstance } from './circumstance.ts';
import { kindOfMessage } from './classify.ts';
import { clientIdsByInstance, clientOfConnection, type NamedStream, streamNames } from './lane-names.ts';
import type { RiverMessage } from './message.ts';
import { CANCEL, CLOSED, OPEN } from './message.ts';
import { normaliseHandshakes } from './normalise-handshake.ts';
import { sessionOfConnection, survey } from './survey.ts';

/** What has happened on a stream so far that changes what its server may leave out or add. */
interface StreamState {
  readonly names: Pick<RiverMessage, 'serviceName' | 'procedureName'>;
  readonly openFlags: number;
  /** Kind of its procedure, where there is one of its names. */
  readonly kind: string | undefined;
  cancelled: boolean;
  cancelArrived: boolean;
  clientClosed: boolean;
  /** It closed or cancelled. */
  serverFinished: boolean;
}

/** What a retransmission has in common with its original, and the events of both. */
interface Original extends Pick<RiverMessage, 'streamId' | 'controlFlags' | 'payload'> {
  readonly events: number[];
}

/** First transmissions by seq, for each session and direction. */
type Originals = Map<string, Map<number, Original>>;

/**
 * Makes a trace fit for comparison (design, "Judging"). Lanes are `<client>/<call>` or `<client>/stream-N` for streams,
 * `<client>/handshake`, `<client>/rehandshake` and `<client>/undecodable`; a stream has a lane in both directions, empty
 * or not. Heartbeats, keep-alives, transport closes and what goes to an end that has already sent its own are left out,
 * retransmissions fold into their originals, and ids, seq and ack are gone. What the variation rules need to know of other lanes is in an
 * item's `circumstance`, and in `names: 'repeated'`.
 */
export function normalise(trace: Trace<RiverMessage>, calls: readonly CallFacts[], facts: RunFacts): NormalisedTrace {
  const surveyed = survey(trace);
  const clientIds = clientIdsByInstance(surveyed, calls, facts);
  const clientOf = clientOfConnection(surveyed, facts);
  const sessionOf = sessionOfConnection(surveyed);
  const name = streamNames(bind(surveyed, calls, clientIds), clientIds, facts);
  const lanes = laneBook();
  const handshakes = normaliseHandshakes(lanes);
  const streams = new Map<string, StreamState>();
  /** Streams by the `n` of their client's cancel. */
  const cancels = new Map<number, StreamState>();
  const originals: Originals = new Map();
  /** Who ended a connection first, by connection. */
  const endedBy = new Map<number, Party>();
  for (const event of trace) {
    if (event.type === 'delivered' && event.of !== undefined) {
      const stream = cancels.get(event.of);
      if (stream !== undefined) stream.cancelArrived = true;
    }
    if (event.type === 'sent' && event.frame.class === 'closing' && !endedBy.has(event.connection)) {
      endedBy.set(event.connection, event.from);
    }
    if (event.type !== 'sent' || event.frame.class !== 'data') continue;
    // How much of it still goes out hangs on when its sender hears of the end; what the session keeps comes again on the next connection.
    if ((endedBy.get(event.connection) ?? event.from) !== event.from) continue;
    const clientId = clientOf(event.connection);
    const client = name.client(clientId);
    if (!event.decoded?.ok) {
      handshakes.undecodable(event.connection, endOf(event.from));
      lanes.addUnlessRepeated(`${client}/undecodable`, event.from, { kind: 'undecodable', value: { text: event.frame.text } }, event.n);
      continue;
    }
    const { message } = event.decoded;
    const kind = kindOfMessage(message);
    switch (kind) {
      case 'handshake-request':
        handshakes.request(client, event, message);
        break;
      case 'handshake-response':
        handshakes.response(client, event, message);
        break;
      case 'heartbeat':
        break;
      case 'rehandshake-request':
      case 'rehandshake-response':
      case 'open':
      case 'data':
      case 'close':
      case 'cancel': {
        const session = sessionOf(event.connection);
        const key = JSON.stringify([clientId, session, event.from]);
        const ofSender = originals.get(key) ?? new Map<number, Original>();
        originals.set(key, ofSender);
        const original = ofSender.get(message.seq);
        if (original !== undefined && isRetransmission(original, message)) {
          original.events.push(event.n);
          break;
        }
        const reserved = kind === 'rehandshake-request' || kind === 'rehandshake-response';
        const events = reserved
          ? lanes.add(`${client}/rehandshake`, event.from, { kind, value: bodyOf(message) }, event.n)
          : addToStream(lanes, { streams, cancels, facts }, name.stream(clientId, session, message.streamId), kind, event, message);
        const { streamId, controlFlags, payload } = message;
        ofSender.set(message.seq, { streamId, controlFlags, payload, events });
      }
    }
  }
  return { lanes: lanes.all() };
}

/** Same seq is not enough: a session that a restarted server begins anew counts from 0 again. */
function isRetransmission(original: Original, message: RiverMessage): boolean {
  return (
    original.streamId === message.streamId && original.controlFlags === message.controlFlags && sameValue(original.payload, message.payload)
  );
}

function addToStream(
  lanes: LaneBook,
  { streams, cancels, facts }: { streams: Map<string, StreamState>; cancels: Map<number, StreamState>; facts: RunFacts },
  { key, lane }: NamedStream,
  kind: string,
  event: SentEvent<RiverMessage>,
  message: RiverMessage,
): number[] {
  lanes.declare(lane, 'client');
  lanes.declare(lane, 'server');
  const stream = streams.get(key) ?? {
    names: {
      ...(message.serviceName === undefined ? {} : { serviceName: message.serviceName }),
      ...(message.procedureName === undefined ? {} : { procedureName: message.procedureName }),
    },
    openFlags: message.controlFlags,
    kind: ownMember(facts.procedureKinds, `${message.serviceName}.${message.procedureName}`),
    cancelled: false,
    cancelArrived: false,
    clientClosed: false,
    serverFinished: false,
  };
  streams.set(key, stream);
  const after = event.from === 'server' ? circumstance(kind, stream) : undefined;
  const names = namesIn(message, kind, stream);
  const value = names === undefined ? bodyOf(message) : { ...names, ...bodyOf(message) };
  if (event.from === 'server') {
    if ((message.controlFlags & (CLOSED | CANCEL)) !== 0) stream.serverFinished = true;
  } else {
    if ((message.controlFlags & CANCEL) !== 0 && !stream.cancelled) {
      stream.cancelled = true;
      cancels.set(event.n, stream);
    }
    if ((message.controlFlags & CLOSED) !== 0) stream.clientClosed = true;
  }
  return lanes.add(lane, event.from, { kind, value, ...(after === undefined ? {} : { circumstance: after }) }, event.n);
}

/** Names on the open message, and `names: 'repeated'` where a later message bears the same ones (RIVER-MSG-11). */
function namesIn(message: RiverMessage, kind: string, stream: StreamState): Record<string, unknown> | undefined {
  const { serviceName, procedureName } = message;
  if (serviceName === undefined && procedureName === undefined) return undefined;
  const same =
    (serviceName === undefined || serviceName === stream.names.serviceName) &&
    (procedureName === undefined || procedureName === stream.names.procedureName);
  if (kind !== 'open' && same) return { names: 'repeated' };
  return {
    ...(serviceName === undefined ? {} : { service: serviceName }),
    ...(procedureName === undefined ? {} : { procedure: procedureName }),
  };
}

/** What the client had done on the stream before the server sent this. */
function circumstance(kind: string, stream: StreamState): Circumstance | undefined {
  if (stream.cancelled && !stream.cancelArrived) return 'crossing-cancel';
  const opened = (stream.openFlags & OPEN) !== 0;
  if (stream.cancelled) {
    if (kind === 'cancel' && (stream.serverFinished || !opened)) return 'after-late-cancel';
    return kind === 'close' && (stream.kind === 'stream' || stream.kind === 'subscription') ? 'after-cancel' : undefined;
  }
  if (kind !== 'close' || stream.kind !== 'subscription') return undefined;
  return stream.clientClosed && opened && (stream.openFlags & CLOSED) === 0 ? 'after-close' : undefined;
}

function bodyOf(message: RiverMessage): Record<string, unknown> {
  const { controlFlags: flags, payload, tracing } = message;
  return tracing === undefined ? { flags, payload } : { flags, payload, tracing: true };
}
