/** Nominal defaults in ms, and counts. */
export const DEFAULT_TIMERS = {
  callTimeoutMs: 30_000,
  blockMs: 1000,
  claimIdleMs: 60_000,
  claimPollMs: 1000,
  graceMs: 5000,
  retryMs: 100,
  replyMaxlen: 1024,
} as const;

/** Those that are counts and are not scaled. */
export const COUNTS = ['replyMaxlen'] as const;

/** clamator's timers in ms, complete. */
export type ClamatorTimers = { readonly [K in keyof typeof DEFAULT_TIMERS]: number };

/** Timers as a run gives them: whole ms, at least one, since Redis has no others. */
export function readTimers(given: Readonly<Record<string, number>>): ClamatorTimers {
  const read = (name: keyof ClamatorTimers): number => Math.max(1, Math.round(given[name] ?? DEFAULT_TIMERS[name]));
  return {
    callTimeoutMs: read('callTimeoutMs'),
    blockMs: read('blockMs'),
    claimIdleMs: read('claimIdleMs'),
    claimPollMs: read('claimPollMs'),
    graceMs: Math.max(0, Math.round(given['graceMs'] ?? DEFAULT_TIMERS.graceMs)),
    retryMs: read('retryMs'),
    replyMaxlen: read('replyMaxlen'),
  };
}

/** How long a server waits between two claims: a quarter of the idle time, and no less than a second (CLAMATOR-RECLAIM-03). */
export function claimEveryMs({ claimIdleMs, claimPollMs }: Pick<ClamatorTimers, 'claimIdleMs' | 'claimPollMs'>): number {
  return Math.max(claimPollMs, claimIdleMs / 4);
}
