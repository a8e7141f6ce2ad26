/** Nominal defaults in ms. */
export const DEFAULT_TIMERS = { timeoutMs: 0 } as const;

/** Connect's timers in ms, complete. */
export interface ConnectTimers {
  /** The deadline of each call, which its request says; 0: none. */
  readonly timeoutMs: number;
}

/** Timers as a run gives them, in whole ms, since the wire has no others. */
export function readTimers(given: Readonly<Record<string, number>>): ConnectTimers {
  const timeoutMs = given['timeoutMs'] ?? DEFAULT_TIMERS.timeoutMs;
  return { timeoutMs: timeoutMs === 0 ? 0 : Math.max(1, Math.round(timeoutMs)) };
}
