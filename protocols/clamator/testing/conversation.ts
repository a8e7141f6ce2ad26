import { commandFrame, replyFrame } from '../../carriers/resp/frames.ts';
import { array, bulk, type RespValue, type Text } from '../../carriers/resp/value.ts';
import type { MessageFrame, Party, Role } from '../../common/frame.ts';
import type { Automaton, InvariantReport, RunFacts, Violation } from '../../common/invariant.ts';
import type { TraceEvent } from '../../common/trace.ts';
import { decode } from '../decode.ts';
import type { ClamatorMessage } from '../message.ts';
import { clamator } from '../protocol.ts';

/** A conversation of ends with Redis, made by hand: each frame is sent and delivered. */
export class Conversation {
  readonly events: TraceEvent<ClamatorMessage>[] = [];
  readonly #diallers: Role[] = [];

  /** Dials; gives the connection. */
  dial(role: Role, instance = 'main'): number {
    const connection = this.#diallers.length;
    this.#diallers.push(role);
    this.events.push({ type: 'opened', n: this.events.length, t: 0, connection, dialler: { role, instance } });
    return connection;
  }

  /** A connection is reset. */
  reset(connection: number): this {
    this.events.push({ type: 'closed', n: this.events.length, t: 0, connection, by: 'broker', how: 'rst', code: undefined });
    return this;
  }

  /** An end sends a command; Redis gets it. */
  ask(connection: number, ...args: readonly Text[]): this {
    return this.#pass(connection, this.#diallers[connection] ?? 'client', 'broker', commandFrame(args));
  }

  /** Redis answers; the end hears it. */
  answer(connection: number, value: RespValue): this {
    return this.#pass(connection, 'broker', this.#diallers[connection] ?? 'client', replyFrame(value));
  }

  #pass(connection: number, from: Party, to: Party, frame: MessageFrame): this {
    const decoded = decode(frame);
    const n = this.events.length;
    this.events.push({ type: 'sent', n, t: 0, connection, from, frame, decoded });
    this.events.push({ type: 'delivered', n: n + 1, t: 0, connection, from, to, of: n, altered: false, frame, decoded });
    return this;
  }
}

/** The answer of a read: entries of one stream, each an id and its names and values. */
export function entries(stream: string, ...list: readonly (readonly [string, readonly string[]])[]): RespValue {
  return array([array([bulk(stream), array(list.map(([id, fields]) => array([bulk(id), array(fields.map(bulk))])))])]);
}

/** What is known of the runs of these tests: one client and one server with the usual timers. */
export const FACTS: RunFacts = {
  binding: 'resp2',
  space: 'p',
  instances: [
    { role: 'server', instance: 'main', id: 'S1', timers: {}, options: {} },
    { role: 'client', instance: 'main', id: 'C1', timers: {}, options: {} },
  ],
  clientIds: ['C1'],
  serverId: 'S1',
  timers: {},
  procedureKinds: { 'calc.add': 'method', 'calc.poke': 'notification' },
  scripted: [],
};

/** What a trace amounts to: the requirements that it breaks, each once, and those that were examined and held. */
export interface Judged {
  readonly broken: readonly string[];
  readonly held: readonly string[];
}

/** Judges a trace by all invariants, as they are started where nothing is said. */
export function judged(
  events: readonly TraceEvent<ClamatorMessage>[],
  facts = FACTS,
  started: (report: InvariantReport) => readonly Automaton<ClamatorMessage>[] = (report) => [clamator.startInvariants(facts, () => report)],
): Judged {
  const broken = new Set<string>();
  const held = new Set<string>();
  const automata = started({
    holds: (requirement) => void held.add(requirement),
    violates: ({ requirement }: Violation) => void broken.add(requirement),
  });
  for (const automaton of automata) {
    for (const event of events) automaton.observe(event);
    automaton.finish();
  }
  return { broken: [...broken].toSorted(), held: [...held].toSorted() };
}
