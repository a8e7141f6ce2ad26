/** How binding a requirement is. IMPL: the specification is silent, interoperating peers rely on it; judged as a warning. */
export type Level = 'MUST' | 'MUST-NOT' | 'SHOULD' | 'MAY' | 'IMPL';

/**
 * What a user suffers. data: a value arrives changed, twice or not at all; hang: a call is never told its end; crash: the program or
 * its other calls go down; intrusion: somebody gets in who must not.
 */
export type Harm = 'data' | 'hang' | 'crash' | 'intrusion';

/** Whose word on a disputed rule counts: the specification's text or the official implementation's behaviour. */
export type Profile = 'spec' | 'official';

/** How the specification and the official implementation differ on a rule. */
export interface Dispute {
  /** What the text says. */
  readonly spec: string;
  /** What the official implementation does. */
  readonly official: string;
  /** Which of them the cases and invariants demand. `both`: only what holds for either, so that what they find is neither. */
  readonly demanded: Profile | 'both';
  /** What breaking the rule amounts to: a question, a finding like any, or nothing. */
  readonly ruling: 'open' | 'binding' | 'waived';
}

/** One rule of a protocol, from `cases/<protocol>/requirements.yaml`. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  /** Who is obliged: `client`, `server`, `both`, or a part in calls that the protocol has a name for. */
  readonly role: string;
  /** Heading of the specification, or file of the official implementation for IMPL. */
  readonly source: string;
  readonly text: string;
  readonly observe: string;
  readonly faults: readonly string[];
  /** Why it is a MUST although the specification does not say so: what a user suffers where it is broken. */
  readonly harm?: Harm | undefined;
  readonly disputed: Dispute | undefined;
  /** Why no black box can see it, where none can. */
  readonly unobservable: string | undefined;
}
