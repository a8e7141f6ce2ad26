import type { Party, Role } from './frame.ts';
import type { Instance } from './instance.ts';
import type { TraceEvent } from './trace.ts';

/** How an instance of a run was set up. */
export interface InstanceFacts extends Instance {
  /** The id that it was given to name itself by. */
  readonly id: string;
  /** Protocol timers in ms as it was given them (already scaled). */
  readonly timers: Readonly<Record<string, number>>;
  /** Protocol options beside timers; what is not named has its default. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The id of the server that it was told to address, where it was told one. */
  readonly addressed?: string;
}

/** What a protocol's invariants may know of a run beside its trace. */
export interface RunFacts {
  readonly binding: string;
  /** Where both ends dial a broker: what every name on it that is theirs begins with. */
  readonly space?: string;
  /** Who takes part, each as it was set up: the server first, clients in the order in which cases make them. Absent where it is not known. */
  readonly instances?: readonly InstanceFacts[];
  /** Empty where it is not known who takes part. */
  readonly clientIds: readonly string[];
  /** Undefined where it is not known: then it is what the server calls itself. */
  readonly serverId: string | undefined;
  /** Protocol timers in ms as the run used them (already scaled). */
  readonly timers: Readonly<Record<string, number>>;
  /** Timers of a client that set its own, by client id; scaled likewise. */
  readonly clientTimers?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The server id a client was told to address, by client id, where it was told one. */
  readonly addressed?: Readonly<Record<string, string>>;
  /** Protocol options the run set beside timers, of either end; what is not named has its default. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Procedure kind by `service.procedure`. */
  readonly procedureKinds: Readonly<Record<string, string>>;
  /** Ends that the case scripted to misbehave; their violations are intended. */
  readonly scripted: readonly Role[];
  /** The trace begins in the middle: what went before it is not known, and sessions may go on of which it does not show the beginning. */
  readonly fromTheMiddle?: true;
}

/** A rule broken by one end. */
export interface Violation {
  readonly requirement: string;
  readonly blame: Party;
  /** What was seen and what the rule wants, in one sentence. */
  readonly message: string;
  /** `n` of the events that show it, the decisive one first. */
  readonly events: readonly number[];
}

/** Where an automaton says what it checked; both the checks that held and those that did not are counted as checkpoints. */
export interface InvariantReport {
  /** The requirement was really examined on this trace, and held this time. */
  holds(requirement: string, blame: Party): void;
  violates(violation: Violation): void;
}

/** What is past in a trace that goes on for hours, of which nobody keeps everything. */
export interface Past {
  /** Events before this one are past. */
  readonly before: number;
  /** Whether a connection had ended by then. */
  isOver(connection: number): boolean;
}

/** An automaton over one trace. It must survive any input, conforming or not, from either end. */
export interface Automaton<M> {
  /** Lets go of what only the past needs. What would have to be known of it is not judged from then on. Absent: nothing is kept. */
  forget?(past: Past): void;
  observe(event: TraceEvent<M>): void;
  /** The trace is over: judge what only its end can show. */
  finish(): void;
}

/** Starts all rules of a protocol as one automaton, so that what they have in common is worked out once. */
export type StartInvariants<M> = (facts: RunFacts, reportOf: (invariant: Invariant<M>) => InvariantReport) => Automaton<M>;

/** A rule over traces: one file, one line in its protocol's list. */
export interface Invariant<M> {
  /** `river/ack-arithmetic` */
  readonly name: string;
  /** Every requirement id it may report. */
  readonly requirements: readonly string[];
  start(facts: RunFacts, report: InvariantReport): Automaton<M>;
}
