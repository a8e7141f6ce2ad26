import type { CallFacts } from '../common/normalise.ts';
import type { Trace } from '../common/trace.ts';
import { sameValue } from '../common/value.ts';
import { waitingCalls } from '../common/waiting-calls.ts';
import { procedureOf } from './classify.ts';
import type { RiverMessage } from './message.ts';
import { type Span, type Survey, sessionOfConnection, survey } from './survey.ts';

/** A call and the stream that carries it. */
export interface Binding {
  readonly call: CallFacts;
  /** The id by which the call's client names itself. */
  readonly clientId: string;
  /** As `sessionOfConnection` has it. */
  readonly session: string;
  readonly streamId: string;
}

/** An open message at its first transmission. */
interface Opening {
  readonly n: number;
  readonly session: string;
  readonly message: RiverMessage;
  /** Whether its client cancelled the stream. */
  readonly cancelled: boolean;
}

/**
 * Finds the stream id of each call: call name → stream id. Calls that are not on the wire (yet) are missing. The trace may grow yet: a
 * cancel that was asked for is taken to come (RIVER-CANCEL-13).
 */
export function bindCalls(trace: Trace<RiverMessage>, calls: readonly CallFacts[]): ReadonlyMap<string, string> {
  return new Map(bind(survey(trace), calls, new Map(), true).map(({ call, streamId }) => [call.call, streamId]));
}

/**
 * Gives each open message that a client sent to one call: of the same client, invoked before it, with the same procedure
 * and the same Init, in order of invocation. A call that had ended without being seen is taken only where no other fits or
 * the stream is cancelled, as one is whose call was cancelled before there was a connection; and another Init (an implementation that alters it) only after that. `clientIds` gives ids of client instances beside
 * those that the calls know.
 */
export function bind(surveyed: Survey, calls: readonly CallFacts[], clientIds: ReadonlyMap<string, string>, grows = false): Binding[] {
  const { spans } = surveyed;
  const byProcedure = new Map<string, CallFacts[]>();
  for (const call of calls) {
    const procedure = call.procedure ?? '';
    const others = byProcedure.get(procedure);
    if (others === undefined) byProcedure.set(procedure, [call]);
    else others.push(call);
  }
  const waiting = new Map([...byProcedure].map(([procedure, alike]) => [procedure, waitingCalls(alike)]));
  const learned = new Map<string, string>();
  const idOf = (call: CallFacts): string | undefined => call.id ?? clientIds.get(call.instance) ?? learned.get(call.instance);
  // A lone client that misnames itself is still the one that made the calls.
  const alone = new Set(calls.map((call) => call.instance)).size === 1;
  const knownIds = new Set([...clientIds.values(), ...calls.map((call) => call.id)]);
  const bindings: Binding[] = [];
  for (const opening of openings(surveyed)) {
    const { n, session, message } = opening;
    const owners = new Set([...learned].filter(([, id]) => id === message.from).map(([client]) => client));
    const fits = (call: CallFacts): boolean => {
      if ((spans.get(call.call)?.invoked ?? -1) > n) return false;
      const id = idOf(call);
      return id === undefined ? owners.size === 0 : id === message.from || (alone && !knownIds.has(message.from));
    };
    const taken = waiting.get(procedureOf(message))?.take({
      fits,
      isSame: (each) => sameValue(each.value, message.payload),
      isOdd: (each) => isOdd(spans.get(each.call), opening, grows),
    });
    if (taken === undefined) continue;
    const { call } = taken;
    if (idOf(call) === undefined) learned.set(call.instance, message.from);
    bindings.push({ call, clientId: message.from, session, streamId: message.streamId });
  }
  return bindings;
}

/** Whether a call has ended where the stream goes on, or goes on where that is cancelled. */
function isOdd(span: Span | undefined, { n, cancelled }: Opening, grows: boolean): boolean {
  const hadEnded = (span?.ended ?? Infinity) < n;
  return hadEnded ? !cancelled && !(grows && span?.cancelled === true) : cancelled && span?.cancelled === false;
}

/** The open messages that a client sent, each at its first transmission. */
function openings(surveyed: Survey): Opening[] {
  const sessionOf = sessionOfConnection(surveyed);
  const seen = new Set<string>();
  const found: Opening[] = [];
  const keyOf = (from: string, connection: number, streamId: string): string => JSON.stringify([from, sessionOf(connection), streamId]);
  const cancelled = new Set(surveyed.cancels.map(({ from, connection, streamId }) => keyOf(from, connection, streamId)));
  for (const { n, connection, message } of surveyed.opens) {
    const session = sessionOf(connection);
    // A retransmission keeps id and seq; a faulty one keeps at least one of them.
    const keys = [`id ${message.id}`, `seq ${message.seq}`].map((key) => JSON.stringify([message.from, session, message.streamId, key]));
    if (!keys.some((key) => seen.has(key))) {
      found.push({ n, session, message, cancelled: cancelled.has(keyOf(message.from, connection, message.streamId)) });
    }
    for (const key of keys) seen.add(key);
  }
  return found;
}
