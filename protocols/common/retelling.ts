import type { Role } from './frame.ts';
import { MAIN } from './instance.ts';
import type { CallFacts } from './normalise.ts';
import type { DeliveredEvent, SentEvent, Trace } from './trace.ts';

/** A step of a case as its file has it: a map of one key. */
export type StepInWords = Readonly<Record<string, unknown>>;

/** What is subtracted from the `n` of an event for what stands right before it, at its time. */
export const BEFORE = 0.5;

/** Something that an end did in a trace, put into the words of cases. */
export interface Deed {
  /** The event of the trace behind which it stands, or (`BEFORE`) right before which; -1: before all of them. */
  readonly n: number;
  /**
   * `application`: an application asks the client for it. `peer`: the end that is not under test is made to do it by hand, since
   * no application can have it do that.
   */
  readonly by: 'application' | 'peer';
  readonly step: StepInWords;
}

/** What is known of a trace beside its events. */
export interface Telling {
  readonly underTest: Role;
  readonly binding: string;
  /** Kinds of procedures by `service.procedure`, as far as they are known. */
  readonly procedureKinds: Readonly<Record<string, string>>;
  /** Timers in ms of the trace, counts as they are. */
  readonly timers: Readonly<Record<string, number>>;
  /** Calls by the names that the trace's own application gave them; empty for traffic of others. */
  readonly calls: readonly CallFacts[];
  /** Ms of the trace per nominal ms. */
  readonly timeScale: number;
}

/** A trace as a protocol tells it again, so that a case can be made of it. */
export interface Retold<M = unknown> {
  /** In order of `n`. What a conforming peer does by itself is left out. */
  readonly deeds: readonly Deed[];
  /** Wire pattern that a frame of the same sort fits, with the names that the deeds gave to streams. */
  pattern(event: SentEvent<M> | DeliveredEvent<M>): unknown;
  /** Whether a step waits for that frame of the end under test; absent: for each. */
  isWaitedFor?(event: DeliveredEvent<M>): boolean;
  /** Features that an implementation must have for it. */
  readonly needs: readonly string[];
  /** Nominal overrides of the server's timers and its options, as far as the traffic shows them. */
  readonly server: Readonly<Record<string, unknown>>;
  /** What there are no words for, a sentence each. */
  readonly unsaid: readonly string[];
}

/**
 * How the peer of the end under test is retold. `calls`: by what its application asks of it, as if it were any conforming peer. `frames`:
 * frame by frame as it wrote them, whatever it was. `mixed`: by calls where a conforming peer would have written the same, else by frames.
 */
export type Manner = 'calls' | 'frames' | 'mixed';

/** One way of telling traces again. */
export interface Retelling<M = unknown> {
  readonly manner: Manner;
  /** Is given the trace as anybody may have recorded it, and must survive anything. Pure. */
  retell(trace: Trace<M>, telling: Telling): Retold<M>;
}

/** Gives names that nobody has yet: the stem, with a number behind it where that is taken. */
export function freshNames(known: Iterable<string>): (stem: string) => string {
  const taken = new Set(known);
  return (stem) => {
    const plain = stem.replaceAll(/[^\w-]/g, '-');
    const first = /^[A-Za-z]/.test(plain) ? plain : `call-${plain}`;
    let name = first;
    for (let count = 2; taken.has(name); count += 1) name = `${first}-${count}`;
    taken.add(name);
    return name;
  };
}

/** A name for one client more, beside those that are taken: `main`, then `client2`. */
export function nextClient(taken: { has(name: string): boolean }): string {
  let name: string = MAIN;
  for (let count = 2; taken.has(name); count += 1) name = `client${count}`;
  return name;
}
