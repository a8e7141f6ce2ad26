import type { Role } from '../common/frame.ts';
import type { CallFacts } from '../common/normalise.ts';
import type { Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
import type { RSocketFrame } from './frame.ts';
import { isRequest, type RequestType } from './frame.ts';
import { readRequestMetadata } from './metadata.ts';
import { reference } from './reference.ts';
import { followResent } from './resent.ts';
import { readValue } from './value.ts';
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
 * the same instance; the one with the same value before others, one that was not given up before one that was (which need not ask any more),
 * in order of invocation.
 */
export function bind(trace: Trace<RSocketFrame>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const waiting = [...calls];
  const bound: BoundCall[] = [];
  const invoked = new Set<string>();
  const over = new Set<string>();
  const owners = new Map<number, string>();
  const resent = followResent();
  const { sessions } = resent;
  const whole = wholeRequests(trace);
  for (const event of trace) {
    resent.observe(event);
    if (event.type === 'application' && event.event.kind === 'invoke') invoked.add(event.event.call);
    if (event.type === 'application' && (event.event.kind === 'cancel' || event.event.kind === 'end')) over.add(event.event.call);
    if (event.type !== 'sent' || !event.decoded?.ok || resent.isResent()) continue;
    const { message: frame } = event.decoded;
    if (!isRequest(frame)) continue;
    const connection = sessions.first(event.connection);
    const said = whole.get(event.n) ?? frame;
    const { route } = readRequestMetadata(said.metadata);
    const value = readValue(said.data);
    const owner = event.from === 'client' ? owners.get(connection) : undefined;
    const others = owner === undefined && event.from === 'client' ? instancesBut(owners, connection) : NOBODY;
    const fits = (call: CallFacts): boolean =>
      call.role === event.from &&
      typeOfKind[call.kind] === frame.type &&
      (call.procedure === undefined || route === undefined || call.procedure === route) &&
      invoked.has(call.call) &&
      mayBeOn(call, event.from, connection, owner, others);
    const call = foremost(
      waiting,
      fits,
      (candidate) => (sameValue(candidate.value ?? '', value) ? 0 : 2) + (over.has(candidate.call) ? 1 : 0),
    );
    if (call === undefined) continue;
    waiting.splice(waiting.indexOf(call), 1);
    if (event.from === 'client') owners.set(connection, call.instance);
    bound.push({ call, connection, streamId: frame.streamId });
  }
  return bound;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Whose the other connections are. */
function instancesBut(owners: ReadonlyMap<number, string>, connection: number): ReadonlySet<string> {
  return new Set([...owners].filter(([key]) => key !== connection).map(([, instance]) => instance));
}

/** The first of those that fit with the lowest rank; nothing is looked at behind one of rank 0, so that many calls at once are not as many times as many looks. */
function foremost<T>(all: readonly T[], fits: (each: T) => boolean, rank: (each: T) => number): T | undefined {
  let best: T | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const each of all) {
    if (!fits(each)) continue;
    const its = rank(each);
    if (its === 0) return each;
    if (its < lowest) [best, lowest] = [each, its];
  }
  return best;
}

/** A server says over which of its connections it calls; a client's connection is its own. */
function mayBeOn(call: CallFacts, from: Role, connection: number, owner: string | undefined, others: ReadonlySet<string>): boolean {
  if (from === 'server') return call.to === undefined || call.to === connection;
  if (owner !== undefined) return call.instance === owner;
  return !others.has(call.instance);
}
