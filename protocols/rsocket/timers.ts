/** Nominal defaults in ms. */
export const DEFAULT_TIMERS = {
  keepaliveMs: 2000,
  lifetimeMs: 10_000,
  leaseTtlMs: 5000,
  resumeExpiryMs: 10_000,
  reconnectIntervalMs: 200,
} as const;

/** RSocket's timers in ms, complete. */
export type RSocketTimers = { readonly [K in keyof typeof DEFAULT_TIMERS]: number };

/** Timers as a run gives them, in whole ms, since the wire has no others. */
export function readTimers(given: Readonly<Record<string, number>>): RSocketTimers {
  const read = (name: keyof RSocketTimers): number => Math.max(1, Math.round(given[name] ?? DEFAULT_TIMERS[name]));
  return {
    keepaliveMs: read('keepaliveMs'),
    lifetimeMs: read('lifetimeMs'),
    leaseTtlMs: read('leaseTtlMs'),
    resumeExpiryMs: read('resumeExpiryMs'),
    reconnectIntervalMs: read('reconnectIntervalMs'),
  };
}
