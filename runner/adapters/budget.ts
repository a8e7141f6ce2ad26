/** How much may come before it is a flood. */
export interface BudgetLimits {
  readonly count: number;
  readonly bytes: number;
}

/** What the notifications of one run may amount to; far more than any case needs, little enough to be kept and judged. */
export const RUN_BUDGET: BudgetLimits = { count: 20_000, bytes: 64 * 1024 * 1024 };

/** What may come that belongs to no run: logs, and news of runs that are over. Anew for each run that begins. */
export const IDLE_BUDGET: BudgetLimits = { count: 100_000, bytes: 64 * 1024 * 1024 };

/** Counts what comes against limits. */
export interface Budget {
  /** Takes one more of so many bytes. Gives the limit in words when it is passed. */
  spend(bytes: number): string | undefined;
}

/** A budget of which nothing is spent yet. */
export function createBudget(limits: BudgetLimits): Budget {
  let count = 0;
  let bytes = 0;
  return {
    spend(more) {
      count += 1;
      bytes += more;
      if (count > limits.count) return `more than ${limits.count} notifications`;
      if (bytes > limits.bytes) return `more than ${limits.bytes} bytes of notifications`;
      return undefined;
    },
  };
}
