import type { Party } from './frame.ts';
import { type Instance, instanceName } from './instance.ts';

/** One message of a normalised trace: ids replaced by names in order of appearance, times and counters removed. */
export interface NormalItem {
  /** Kind in the protocol's own word: `open`, `data`, `close`, `cancel`, `handshake-request`, … */
  readonly kind: string;
  /** Everything of the message that must agree between two runs. */
  readonly value: unknown;
  /** `n` of the sent events it stands for (a retransmission adds to its original). */
  readonly events: readonly number[];
  /** What went before on other lanes, where a variation rule turns on it. It is not compared. */
  readonly circumstance?: string;
}

/** The messages of one stream in one direction, in order. Lanes are compared; the order between lanes is free. */
export interface Lane {
  /** `main/chat`, `main/handshake`: client instance and call name, or a name in order of appearance. */
  readonly name: string;
  readonly from: Party;
  readonly items: readonly NormalItem[];
}

/** A trace fit for comparison. */
export interface NormalisedTrace {
  readonly lanes: readonly Lane[];
}

/**
 * Where a call is on the wire. What it says is the protocol's own, and nobody else takes it apart: an id of a stream, or of its
 * connection too where ids are unique only there.
 */
export type CallReference = string;

/** A call that the case made, in order of invocation; lets a protocol find it on the wire. Values are untagged. */
export interface CallFacts extends Instance {
  readonly call: string;
  /** The id by which the caller names itself on the wire, where it has one that is known. */
  readonly id?: string;
  /** Of a server that calls: on which of the connections that it accepted, where the case says so. */
  readonly to?: number;
  /** In the protocol's own word. */
  readonly kind: string;
  readonly procedure?: string;
  /** Absent: it opened without a value. */
  readonly value?: unknown;
  readonly metadata?: unknown;
  readonly credit?: number;
}

/** Name of the lane of a call: `main/chat`, `server/ticks`. */
export function laneName(call: Pick<CallFacts, 'call' | 'role' | 'instance'>): string {
  return `${instanceName(call)}/${call.call}`;
}

/**
 * A way in which conforming implementations may differ. When two lanes differ the rule rewrites both to the form they
 * have in common; if they then agree, the rule is listed in the result as applied.
 */
export interface VariationRule {
  readonly name: string;
  /** The requirement or section that allows it. */
  readonly allowedBy: string;
  readonly describe: string;
  /** `kindOf` gives the procedure kind of a call name, if it is a call. */
  canonical(lane: Lane, facts: { kindOf(laneName: string): string | undefined }): Lane;
}
