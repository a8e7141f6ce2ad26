import { type CallFacts, type CallReference, laneName } from '../common/normalise.ts';
import type { Trace, TraceEvent } from '../common/trace.ts';
import { isPlainObject, sameValue } from '../common/value.ts';
import { waitingCalls } from '../common/waiting-calls.ts';
import { idOf } from './envelope.ts';
import type { Happening } from './happening.ts';
import { startLedger } from './ledger.ts';
import type { ClamatorMessage, Entry } from './message.ts';

/** Where a call is: by the id of its envelope, which its reply repeats; a notification has none and is where it was sent. */
export function referenceOf(entry: Entry | undefined, n: number): CallReference {
  const id = entry?.envelope === undefined ? undefined : idOf(entry.envelope);
  return id === undefined ? `at:${n}` : `id:${JSON.stringify(id)}`;
}

/** A call and the entry that asks for it. */
export interface BoundCall {
  readonly call: CallFacts;
  readonly reference: CallReference;
  /** `n` of the command. */
  readonly n: number;
}

/**
 * Finds where each call is. Calls that are not on the wire (yet) are missing; what is said in a transaction is there once it is known to be
 * carried out: by the answer to its EXEC, or as soon as somebody was given its entry, which may be answered before that answer is seen.
 */
export function bindCalls(trace: Trace<ClamatorMessage>, calls: readonly CallFacts[]): ReadonlyMap<string, CallReference> {
  const ledger = startLedger();
  const binding = startBinding(calls);
  const found = new Map<string, CallReference>();
  /** Requests that somebody was given, by stream and reference. */
  const given = new Set<string>();
  const add = (bound: BoundCall | undefined): void => {
    if (bound !== undefined) found.set(bound.call.call, bound.reference);
  };
  for (const event of trace) {
    binding.see(event);
    for (const happening of ledger.observe(event)) {
      add(binding.bind(happening));
      if (happening.kind !== 'answered') continue;
      const { asked, answer, n } = happening;
      for (const entry of answer.entries ?? []) given.add(`${answer.key ?? asked.command.key} ${referenceOf(entry, n)}`);
    }
  }
  for (const asked of ledger.held()) {
    const { key, entry } = asked.command;
    if (given.has(`${key} ${referenceOf(entry, asked.n)}`)) add(binding.bind({ kind: 'asked', asked }));
  }
  return found;
}

/** Gives each request that a client adds to one of its calls, in the order of the requests. */
export function bind(trace: Trace<ClamatorMessage>, calls: readonly CallFacts[]): readonly BoundCall[] {
  const ledger = startLedger();
  const binding = startBinding(calls);
  const bound: BoundCall[] = [];
  for (const event of trace) {
    binding.see(event);
    for (const happening of ledger.observe(event)) {
      const call = binding.bind(happening);
      if (call !== undefined) bound.push(call);
    }
  }
  return bound;
}

/** Gives requests to calls while a trace is read. */
export interface Binding {
  /** The next event, before what it means. */
  see(event: TraceEvent<ClamatorMessage>): void;
  /** The call of a request that a client adds; undefined for anything else. */
  bind(happening: Happening): BoundCall | undefined;
}

/**
 * Starts with nothing bound. A request is one of the calls of the same method that its client made before it; the one with the same params
 * before others, one that is not over before one that is (whose request may have been lost on the way), in order of invocation.
 */
export function startBinding(calls: readonly CallFacts[]): Binding {
  const invoked = new Map<string, number>();
  const over = new Set<string>();
  const waiting = waitingCalls(calls);
  return {
    see(event) {
      if (event.type !== 'application') return;
      if (event.event.kind === 'invoke') invoked.set(event.event.call, event.n);
      if (event.event.kind === 'end') over.add(event.event.call);
    },
    bind(happening) {
      if (happening.kind !== 'asked') return undefined;
      const { n, by, command } = happening.asked;
      const value = command.entry?.envelope?.value;
      if (by.role !== 'client' || command.name !== 'XADD' || !isPlainObject(value)) return undefined;
      const fits = (call: CallFacts): boolean =>
        call.instance === by.instance && call.procedure === value['method'] && (invoked.get(call.call) ?? Number.POSITIVE_INFINITY) < n;
      const taken = waiting.take({
        fits,
        isSame: (each) => sameValue(each.value ?? {}, value['params'] ?? {}),
        isOdd: (each) => over.has(each.call),
      });
      return taken && { call: taken.call, reference: referenceOf(command.entry, n), n };
    },
  };
}

/** The lane of each call, by its reference. */
export function lanesOf(bound: readonly BoundCall[]): ReadonlyMap<CallReference, string> {
  return new Map(bound.map(({ call, reference }) => [reference, laneName(call)]));
}
