import type { Hosted } from './handler.ts';

/** How a reference server is set up. */
export interface ServerSettings {
  /** Its handle. */
  readonly instance: string;
  /** Whether what it sends is compressed where its callers accept that. */
  readonly compresses: boolean;
  readonly readMaxBytes: number;
  readonly timeScale: number;
  readonly hosted: Hosted;
  /** Procedures whose handlers do not run. */
  readonly manual: Set<string>;
  /** A name for a run of a handler. */
  nextRun(): string;
}
