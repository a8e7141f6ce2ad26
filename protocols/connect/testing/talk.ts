import { concatenate } from '../../common/byte-queue.ts';
import { type Role, sideOf } from '../../common/frame.ts';
import type { Violation } from '../../common/invariant.ts';
import { latin1Bytes } from '../../common/latin1.ts';
import type { SentEvent, TraceEvent } from '../../common/trace.ts';
import { startPlaces } from '../../common/whereabouts.ts';
import { connectCarrier } from '../carrier.ts';
import { decode } from '../decode.ts';
import { connectInvariants } from '../invariants/index.ts';
import type { ConnectMessage } from '../message.ts';
import { procedures } from '../schema.ts';

/** What one end writes, text or bytes; nothing: it ends. */
export type Says = readonly [from: Role, ...pieces: readonly (string | Uint8Array)[]];

/** The trace of one connection on which ends write that. */
export function traceOf(...says: readonly Says[]): TraceEvent<ConnectMessage>[] {
  const conversation = connectCarrier.converse({ authority: '', seen: '' });
  const places = startPlaces('proto');
  const events: TraceEvent<ConnectMessage>[] = [];
  for (const [from, ...pieces] of says) {
    const bytes = concatenate(pieces.map((piece) => (typeof piece === 'string' ? latin1Bytes(piece) : piece)));
    for (const item of pieces.length === 0 ? conversation.end(sideOf(from), 'fin') : conversation.push(sideOf(from), bytes)) {
      if (item.kind !== 'frame' || item.frame.class !== 'data') continue;
      places.learn(0, item.frame);
      const decoded = decode(item.frame, places.of(0, from, item.frame.part));
      events.push({ type: 'sent', n: events.length, t: 0, connection: 0, from, frame: item.frame, decoded });
    }
    if (pieces.length === 0 && connectCarrier.fin !== undefined)
      events.push({ type: 'sent', n: events.length, t: 0, connection: 0, from, frame: connectCarrier.fin, decoded: undefined });
  }
  return events;
}

/** The messages of a trace. */
export function messagesOf(trace: readonly TraceEvent<ConnectMessage>[]): ConnectMessage[] {
  return trace
    .filter((event): event is SentEvent<ConnectMessage> => event.type === 'sent')
    .flatMap(({ decoded }) => (decoded?.ok ? [decoded.message] : []));
}

/** Kinds of the procedures of the test services, by their names. */
const OWN: Readonly<Record<string, string>> = Object.fromEntries([...procedures.values()].map(({ name, kind }) => [name, kind]));

/** What all invariants say of a trace; `procedureKinds` are empty of strangers, of whom nothing is known. */
export function judge(
  trace: readonly TraceEvent<ConnectMessage>[],
  procedureKinds = OWN,
): {
  readonly held: ReadonlySet<string>;
  readonly broken: readonly Violation[];
} {
  const held = new Set<string>();
  const broken: Violation[] = [];
  const facts = { binding: 'proto', clientIds: [], serverId: undefined, timers: {}, procedureKinds, scripted: [] };
  for (const invariant of connectInvariants) {
    const automaton = invariant.start(facts, {
      holds: (requirement) => held.add(requirement),
      violates: (violation) => broken.push(violation),
    });
    for (const event of trace) automaton.observe(event);
    automaton.finish();
  }
  return { held, broken };
}
