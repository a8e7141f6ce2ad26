import type { Results } from '../results/result.ts';

/** Who a row is of. */
export interface RowSubject {
  /** As `weir run --implementation` takes it; `reference` for the reference pair. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly language?: string;
  readonly url?: string;
  readonly reference: boolean;
  readonly roles: readonly ('client' | 'server')[];
}

/** What came of running a row. */
export interface RowOutcome {
  readonly state: 'ran' | 'not-set-up' | 'not-finished';
  readonly reason?: string;
  /** Undefined where it was not set up. */
  readonly results: Results | undefined;
}
