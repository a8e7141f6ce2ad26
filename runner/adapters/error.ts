/**
 * How an adapter failed. `missing`: a program it needs is not installed (a reason to skip); `crashed`: the process ended or
 * never started; `hung`: no answer in time; `garbage`: it broke the control protocol; `refused`: it answered with an error.
 */
export type AdapterErrorKind = 'missing' | 'crashed' | 'hung' | 'garbage' | 'refused';

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
  /** For `missing`: the command that installs it. */
  readonly install?: string | undefined;
}

/** An adapter broke: the run is an error, never a pass and never the implementation's failure. */
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
