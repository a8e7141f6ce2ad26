import type { Role } from '../common/frame.ts';
import type { CallFacts } from '../common/normalise.ts';
import { type Owners, withOwners } from '../common/owners.ts';
import type { Trace } from '../common/trace.ts';
import { waitingCalls } from '../common/waiting-calls.ts';
import { cancelledRequests } from './cancelled-requests.ts';
import type { RSocketFrame } from './frame.ts';
import { isRequest, type RequestType } from './frame.ts';
import { readRequestMetadata } from './metadata.ts';
import { reference } from './reference.ts';
import { followResent } from './resent.ts';
import { carries } from './value.ts';
import { wholeRequests } from './whole-requests.ts';

const typeOfKind: Readonly<Record<string, RequestType>> = {
  'request-response': 'REQUEST_RESPONSE',
  'fire-and-forget': 'REQUEST_FNF',
  'request-stream': 'REQUEST_STREAM',
  'request-channel': 'REQUEST_CHANNEL',
};

/** A call and the stream that carries it. */
export interface BoundCall {
  readonly call: CallFacts;
  /** The connection on which its session began. */
  readonly connection: number;
  readonly streamId: number;
}

/** Finds the stream of each call: call name → reference. Calls that are not on the wire (yet) are missing. */
export function bindCalls(trace: Trace<RSocketFrame>, calls: readonly CallFacts[]): ReadonlyMap<string, string> {
  return new Map(bind(trace, calls).map(({ call, connection, streamId }) => [call.call, reference(connection, streamId)]));
}

/**
 * Gives each request that an end sent to one call: of the same end, kind and procedure, made before it, on a connection that belongs to
 * the same instance, which may have had others that are over; the one with the same value before others, of those one that was given up
 * where the request was, and one that is not over before one that is (which need not ask any more), in order of invocation.
 */
export function bind(trace: Trace<RSocketFrame>, calls: readonly CallFacts[]): readonly BoundCall[] {
  return withOwners((owners) => bindKnowing(owners, trace, calls));
}

function bindKnowing(owners: Owners, trace: Trace<RSocketFrame>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const waiting = waitingCalls(calls);
  const bound: BoundCall[] = [];
  const invoked = new Set<string>();
  const over = new Set<string>();
  const cancelled = new Map<string, number>();
  /** The last connection of each session, by its first; and which connections are over. */
  const latest = new Map<number, number>();
  const gone = new Set<number>();
  const resent = followResent();
  const { sessions } = resent;
  const whole = wholeRequests(trace);
  for (const event of trace) if (event.type === 'application' && event.event.kind === 'cancel') cancelled.set(event.event.call, event.n);
  // Where no call was given up, none is told from another by that.
  const givenUp = cancelled.size === 0 ? undefined : cancelledRequests(trace);
  for (const event of trace) {
    resent.observe(event);
    if (event.type === 'sent' && event.from === 'client') latest.set(sessions.first(event.connection), event.connection);
    if (event.type === 'closed') gone.add(event.connection);
    if (event.type === 'application' && event.event.kind === 'invoke') invoked.add(event.event.call);
    if (event.type === 'application' && (event.event.kind === 'cancel' || event.event.kind === 'end')) over.add(event.event.call);
    if (event.type !== 'sent' || !event.decoded?.ok || resent.isResent()) continue;
    const { message: frame } = event.decoded;
    if (!isRequest(frame)) continue;
    const connection = sessions.first(event.connection);
    const said = whole.get(event.n) ?? frame;
    const { route } = readRequestMetadata(said.metadata);
    const owner = event.from === 'client' ? owners.of(connection) : undefined;
    const others =
      owner === undefined && event.from === 'client'
        ? instancesElsewhere(owners.met, (other) => other !== connection && !gone.has(latest.get(other) ?? other))
        : NOBODY;
    const fits = (call: CallFacts): boolean =>
      call.role === event.from &&
      typeOfKind[call.kind] === frame.type &&
      (call.procedure === undefined || route === undefined || call.procedure === route) &&
      invoked.has(call.call) &&
      mayBeOn(call, event.from, connection, owner, others);
    const cancel = givenUp?.get(event.n);
    const isOver = (each: CallFacts): boolean => over.has(each.call);
    const taken = waiting.take({
      fits,
      isSame: (each) => carries(said.data, each.value),
      // A request behind which its end gave the stream up is of a call that was given up before that.
      isOdd: cancel === undefined ? isOver : (each) => (cancelled.get(each.call) ?? cancel) >= cancel,
      isUnlikely: isOver,
    });
    if (taken === undefined) continue;
    const { call } = taken;
    if (event.from === 'client') owners.learn(connection, taken);
    bound.push({ call, connection, streamId: frame.streamId });
  }
  return bound;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Who has a connection elsewhere. */
function instancesElsewhere(owners: ReadonlyMap<number, string>, isElsewhere: (connection: number) => boolean): ReadonlySet<string> {
  return new Set([...owners].filter(([connection]) => isElsewhere(connection)).map(([, instance]) => instance));
}

/** A server says over which of its connections it calls; a client's connection is its own. */
function mayBeOn(call: CallFacts, from: Role, connection: number, owner: string | undefined, others: ReadonlySet<string>): boolean {
  if (from === 'server') return call.to === undefined || call.to === connection;
  if (owner !== undefined) return call.instance === owner;
  return !others.has(call.instance);
}
