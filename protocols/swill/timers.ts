/** Nominal defaults in ms, and a count. */
export const DEFAULT_TIMERS = { connectTimeoutMs: 30_000, reconnectDelayMs: 1000, reconnectAttempts: 5 } as const;

/** Names of those that are counts. */
export const COUNTS: readonly (keyof SwillTimers)[] = ['reconnectAttempts'];

/** How long a call waits for a connection that never comes, nominal ms: for all attempts to dial again, each later than the one before, and for chance. */
export const REDIALLING_MS = 1.1 * DEFAULT_TIMERS.reconnectDelayMs * (1 + 2 + 3 + 4 + 5);

/** Swill's timers, complete. */
export interface SwillTimers {
  /** How long a client waits for its upgrade to be answered. */
  readonly connectTimeoutMs: number;
  /** What a client waits before it dials again, times the number of the attempt (SWILL-CLIENT-04). */
  readonly reconnectDelayMs: number;
  /** How often it dials again. */
  readonly reconnectAttempts: number;
}

/** Timers as a run gives them. */
export function readTimers(given: Readonly<Record<string, number>>): SwillTimers {
  return { ...DEFAULT_TIMERS, ...given };
}
