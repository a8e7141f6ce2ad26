import type { Role } from '../common/frame.ts';
import { laneBook, type NewItem } from '../common/lanes.ts';
import { type CallFacts, laneName, type NormalisedTrace } from '../common/normalise.ts';
import type { SentEvent, Trace } from '../common/trace.ts';
import { Assembly } from './assembly.ts';
import { type BoundCall, bind } from './bind.ts';
import { followCircumstances } from './circumstance.ts';
import { errorName } from './error-codes.ts';
import { FLAG, follows, has, isRequest, isRequestOrPayload, type RSocketFrame } from './frame.ts';
import { type Payload, requestNFrame } from './frames.ts';
import { readRequestMetadata } from './metadata.ts';
import { reference } from './reference.ts';
import { followResent } from './resent.ts';
import { readValue, textOf } from './value.ts';

/** A payload whose fragments have not all come. */
interface Series {
  readonly first: RSocketFrame;
  readonly events: number[];
  readonly assembly: Assembly;
}

/**
 * Makes a trace fit for comparison. Lanes are `<instance>/<call>`, or `<instance>/stream-N` for streams that no call names; what is said
 * about a connection is in `<instance>/connection`, what gives credit on a stream in `…/credit`. A series of fragments is one item.
 * KEEPALIVE frames, positions and times are left out, frames sent again after a resumption fold into their originals.
 */
export function normalise(trace: Trace<RSocketFrame>, calls: readonly CallFacts[]): NormalisedTrace {
  const lanes = laneBook();
  const resent = followResent();
  const { sessions } = resent;
  const bound = bind(trace, calls);
  const names = laneNames(trace, bound);
  const circumstances = followCircumstances(bound, (connection) => sessions.first(connection));
  const itemOf = (frame: RSocketFrame, value: unknown, event: SentEvent<RSocketFrame>): NewItem => {
    const circumstance = circumstances.of(frame, event);
    return { kind: frame.type, value, ...(circumstance === undefined ? {} : { circumstance }) };
  };
  const credits = new Map(bound.map(({ call, connection, streamId }) => [reference(connection, streamId), call.credit]));
  const open = new Map<string, Series>();
  for (const event of trace) {
    resent.observe(event);
    circumstances.observe(event);
    if (event.type !== 'sent' || event.frame.class !== 'data') continue;
    const session = sessions.first(event.connection);
    if (!event.decoded?.ok) {
      lanes.addUnlessRepeated(`${names.instance(session)}/undecodable`, event.from, { kind: 'undecodable', value: {} }, event.n);
      continue;
    }
    const { message: frame } = event.decoded;
    if (resent.isResent() || frame.type === 'KEEPALIVE') continue;
    if (frame.streamId === 0) {
      lanes.add(`${names.instance(session)}/connection`, event.from, itemOf(frame, connectionValue(frame), event), event.n);
      continue;
    }
    const lane = names.stream(session, frame.streamId);
    for (const from of ['client', 'server'] as const) lanes.declare(lane, from);
    if (frame.type === 'REQUEST_N') {
      lanes.add(`${lane}/credit`, event.from, itemOf(frame, { n: frame.n }, event), event.n);
      continue;
    }
    const whole = assembled(open, `${session} ${event.from} ${frame.streamId}`, frame, event);
    if (whole === undefined) continue;
    const [first = event.n, ...further] = whole.events;
    const { request, added } = apart(whole.frame, credits.get(reference(session, frame.streamId)));
    lanes.add(lane, event.from, itemOf(request, valueOfFrame(request), event), first).push(...further);
    if (added > 0) lanes.add(`${lane}/credit`, event.from, itemOf(requestNFrame(frame.streamId, added), { n: added }, event), first);
  }
  return { lanes: lanes.all() };
}

/**
 * A request, and what its credit has beyond that with which its call was made: an application may ask for more before the request goes
 * out, which then bears the sum (RSOCKET-RS-01, -RS-08).
 */
function apart(frame: RSocketFrame, credit: number | undefined): { readonly request: RSocketFrame; readonly added: number } {
  if (credit === undefined || credit < 1 || !isRequest(frame) || !('n' in frame) || frame.n <= credit) return { request: frame, added: 0 };
  return { request: { ...frame, n: credit }, added: frame.n - credit };
}

/** The frame that a series of fragments stands for, once it is whole. */
function assembled(
  open: Map<string, Series>,
  key: string,
  frame: RSocketFrame,
  { n }: SentEvent,
): { readonly frame: RSocketFrame; readonly events: readonly number[] } | undefined {
  if (!isRequestOrPayload(frame)) {
    if (frame.type === 'CANCEL' || frame.type === 'ERROR') open.delete(key);
    return { frame, events: [n] };
  }
  const partial = follows(frame);
  const series = open.get(key);
  if (series === undefined && !partial) return { frame, events: [n] };
  const going = series ?? { first: frame, events: [], assembly: new Assembly() };
  going.assembly.add(frame);
  going.events.push(n);
  if (partial) {
    open.set(key, going);
    return undefined;
  }
  open.delete(key);
  const flags = (going.first.flags & ~FLAG.FOLLOWS) | (frame.flags & FLAG.COMPLETE);
  return { frame: { ...going.first, ...going.assembly.whole(), flags }, events: going.events };
}

function connectionValue(frame: RSocketFrame): Record<string, unknown> {
  switch (frame.type) {
    case 'SETUP': {
      const { major, minor, metadataMime, dataMime } = frame;
      const resume = has(frame, FLAG.RESUME);
      return { major, minor, metadataMime, dataMime, resume, lease: has(frame, FLAG.LEASE), ...payloadValue(frame) };
    }
    case 'LEASE':
      return { requests: frame.requests };
    case 'ERROR':
      return { code: errorName(frame.code), text: textOf(frame.data) };
    case 'METADATA_PUSH':
      return payloadValue(frame);
    default:
      return {};
  }
}

function valueOfFrame(frame: RSocketFrame): Record<string, unknown> {
  switch (frame.type) {
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL': {
      const { route, own } = readRequestMetadata(frame.metadata);
      const metadata = route === undefined ? frame.metadata : own;
      const complete = frame.type === 'REQUEST_CHANNEL' && has(frame, FLAG.COMPLETE) ? { complete: true } : {};
      const named = route === undefined ? {} : { route };
      return { ...named, ...payloadValue({ data: frame.data, metadata }), ...('n' in frame ? { n: frame.n } : {}), ...complete };
    }
    case 'PAYLOAD':
      return { next: has(frame, FLAG.NEXT), complete: has(frame, FLAG.COMPLETE), ...payloadValue(frame) };
    case 'ERROR':
      return { code: errorName(frame.code), text: textOf(frame.data) };
    default:
      return {};
  }
}

function payloadValue({ data, metadata }: Payload): Record<string, unknown> {
  return { data: readValue(data), ...(metadata === undefined ? {} : { metadata: readValue(metadata) }) };
}

interface LaneNames {
  instance(session: number): string;
  stream(session: number, streamId: number): string;
}

/** Names of clients and streams. Those that no call names are numbered as they are asked for. */
function laneNames(trace: Trace<RSocketFrame>, bound: readonly BoundCall[]): LaneNames {
  const clients = new Set<string>();
  for (const event of trace) if (event.type === 'application' && event.role === 'client') clients.add(event.instance);
  const [only, second] = clients;
  const instances = new Map<number, string>();
  for (const { call, connection } of bound) if (call.role === 'client') instances.set(connection, call.instance);
  const streams = new Map(bound.map(({ call, connection, streamId }) => [`${connection}:${streamId}`, laneName(call)]));
  const unnamed = new Map<string, number>();
  const instance = (session: number): string => {
    const name = instances.get(session) ?? (only !== undefined && second === undefined ? only : `client-${session + 1}`);
    instances.set(session, name);
    return name;
  };
  return {
    instance,
    stream: (session, streamId) => {
      const key = `${session}:${streamId}`;
      let lane = streams.get(key);
      if (lane === undefined) {
        const opener: Role = streamId % 2 === 1 ? 'client' : 'server';
        const prefix = opener === 'client' ? instance(session) : `server/${instance(session)}`;
        const number = (unnamed.get(prefix) ?? 0) + 1;
        unnamed.set(prefix, number);
        lane = `${prefix}/stream-${number}`;
        streams.set(key, lane);
      }
      return lane;
    },
  };
}
