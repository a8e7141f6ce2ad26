import type { RiverTimers } from '../../protocols/river/message.ts';

/** How many connection attempts are charged, and since when (ms) they are refunded. Notes, section 11. */
export interface RetryBudget {
  readonly charged: number;
  readonly refundingSince: number | undefined;
}

/** The timers that govern retries. */
export type RetryTimers = Pick<
  RiverTimers,
  'baseIntervalMs' | 'maxJitterMs' | 'maxBackoffMs' | 'attemptBudgetCapacity' | 'budgetRestoreIntervalMs'
>;

/** Nothing charged yet. */
export const freshBudget: RetryBudget = { charged: 0, refundingSince: undefined };

/** Attempts charged at `now` (ms), refunds counted. The last one is never refunded, as in the official client (RIVER-RETRY-05). */
export function chargedAt(budget: RetryBudget, now: number, timers: RetryTimers): number {
  if (budget.refundingSince === undefined || budget.charged === 0) return budget.charged;
  const refunds =
    timers.budgetRestoreIntervalMs > 0 ? Math.floor((now - budget.refundingSince) / timers.budgetRestoreIntervalMs) : budget.charged;
  return Math.max(1, budget.charged - refunds);
}

/** Charges one attempt and stops refunding (RIVER-RETRY-04). */
export function charge(budget: RetryBudget, now: number, timers: RetryTimers): RetryBudget {
  return { charged: chargedAt(budget, now, timers) + 1, refundingSince: undefined };
}

/** A handshake succeeded: refunding starts (RIVER-RETRY-04). */
export function startRefunds(budget: RetryBudget, now: number): RetryBudget {
  return { charged: budget.charged, refundingSince: now };
}

/** True when no further attempt may be made (RIVER-RETRY-03). */
export function isExhausted(budget: RetryBudget, now: number, timers: RetryTimers): boolean {
  return chargedAt(budget, now, timers) >= timers.attemptBudgetCapacity;
}

/** Wait before the next attempt in ms (RIVER-RETRY-01, -02): capped first, jitter added after. `random` is in [0, 1). */
export function backoffMs(charged: number, timers: RetryTimers, random: number): number {
  if (charged === 0) return 0;
  return Math.min(timers.baseIntervalMs * 2 ** (charged - 1), timers.maxBackoffMs) + Math.floor(random * timers.maxJitterMs);
}
