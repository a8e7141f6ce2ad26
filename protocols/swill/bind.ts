import type { CallFacts } from '../common/normalise.ts';
import { type Owners, withOwners } from '../common/owners.ts';
import { isSent, type Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
import { waitingCalls } from '../common/waiting-calls.ts';
import type { Seq, SwillFrame } from './frame.ts';
import { reference } from './reference.ts';

/** A call and the request that carries it. */
export interface BoundCall {
  readonly call: CallFacts;
  readonly connection: number;
  readonly seq: Seq;
}

/** Finds the request of each call: call name → reference. Calls that are not on the wire (yet) are missing. */
export function bindCalls(trace: Trace<SwillFrame>, calls: readonly CallFacts[]): ReadonlyMap<string, string> {
  return new Map(bind(trace, calls).map(({ call, connection, seq }) => [call.call, reference(connection, seq)]));
}

/**
 * Gives the first frame of each seq of a connection to one call: of the same procedure, made before it, on a connection that belongs to
 * the same client; the one with the same opening value before others, one that is not over before one that is (whose request may never
 * have been sent), in order of invocation.
 */
export function bind(trace: Trace<SwillFrame>, calls: readonly CallFacts[]): readonly BoundCall[] {
  return withOwners((owners) => bindKnowing(owners, trace, calls));
}

function bindKnowing(owners: Owners, trace: Trace<SwillFrame>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const waiting = waitingCalls(calls);
  const bound: BoundCall[] = [];
  const invoked = new Map<string, number>();
  const over = new Set<string>();
  const known = new Set<string>();
  for (const event of trace) {
    if (event.type === 'application' && event.event.kind === 'invoke') invoked.set(event.event.call, event.n);
    if (event.type === 'application' && event.event.kind === 'end') over.add(event.event.call);
    if (!isSent(event) || event.from !== 'client' || !event.decoded?.ok) continue;
    const { message } = event.decoded;
    if (message.from !== 'client' || (message.type !== 'MESSAGE' && message.type !== 'METADATA')) continue;
    const key = reference(event.connection, message.seq);
    if (known.has(key)) continue;
    known.add(key);
    const owner = owners.of(event.connection);
    const others = new Set(owners.met.values());
    const fits = (call: CallFacts): boolean =>
      call.procedure === message.rpc &&
      (invoked.get(call.call) ?? Number.POSITIVE_INFINITY) < event.n &&
      (owner === undefined ? !others.has(call.instance) || isAgain(owners.met, event.connection, call.instance) : owner === call.instance);
    const taken = waiting.take({
      fits,
      isSame: (each) => sameValue(each.value ?? null, message.data),
      isOdd: (each) => over.has(each.call),
    });
    if (taken === undefined) continue;
    const { call } = taken;
    owners.learn(event.connection, taken);
    bound.push({ call, connection: event.connection, seq: message.seq });
  }
  return bound;
}

/** Whether a client may have dialled again: its connections so far all came before. */
function isAgain(owners: ReadonlyMap<number, string>, connection: number, instance: string): boolean {
  return [...owners].every(([other, owner]) => owner !== instance || other < connection);
}
