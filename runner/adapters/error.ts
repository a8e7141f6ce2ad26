/**
 * How an adapter failed. `missing`: a program it needs is not installed (a reason to skip); `crashed`: the process ended or
 * never started; `hung`: no answer in time; `garbage`: it broke the control protocol; `refused`: it answered with an error.
 */
export type AdapterErrorKind = 'missing' | 'crashed' | 'hung' | 'garbage' | 'refused';

/** What a process died of, as far as it said. */
export interface Crash {
  /** Type and message of the exception; else the signal or the exit code. */
  readonly headline: string;
  /** Whether it came from the adapter's own code, rather than from what it drives. */
  readonly own: boolean;
}

/** What is known of a failure beside its message. */
export interface AdapterErrorFacts {
  readonly kind: AdapterErrorKind;
  /** Name of the implementation. */
  readonly implementation: string;
  /** The request that was pending, where there was one. */
  readonly method?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The last of what the adapter wrote to stderr. */
  readonly stderr?: string | undefined;
  /** For `crashed`: what the process died of. */
  readonly crash?: Crash | undefined;
  /** For `missing`: the command that installs it. */
  readonly install?: string | undefined;
}

/** An adapter broke: the run is an error, never a pass; a process that what it drives has ended is that one's failure. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly facts: AdapterErrorFacts;

  constructor(message: string, facts: AdapterErrorFacts) {
    super(message);
    this.facts = facts;
  }

  /** Short for `facts.kind`. */
  get kind(): AdapterErrorKind {
    return this.facts.kind;
  }
}
