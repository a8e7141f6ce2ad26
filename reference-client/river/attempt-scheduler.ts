import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import type { RiverTimers } from '../../protocols/river/message.ts';
import { backoffMs, charge, chargedAt, freshBudget, isExhausted, type RetryBudget, startRefunds } from './retry.ts';

/** Decides when attempts to connect may be made (notes, section 11). */
export class AttemptScheduler {
  readonly #environment: Environment;
  readonly #timers: RiverTimers;
  #budget: RetryBudget = freshBudget;

  constructor(environment: Environment, timers: RiverTimers) {
    this.#environment = environment;
    this.#timers = timers;
  }

  /** Charges an attempt and runs it after the back-off; undefined where the budget is exhausted. */
  schedule(attempt: () => void): CancelTimer | undefined {
    const now = this.#environment.now();
    if (isExhausted(this.#budget, now, this.#timers)) return undefined;
    const delay = backoffMs(chargedAt(this.#budget, now, this.#timers), this.#timers, this.#environment.random());
    this.#budget = charge(this.#budget, now, this.#timers);
    return this.#environment.after(delay, attempt);
  }

  /** A handshake succeeded: refunds begin. */
  succeeded(): void {
    this.#budget = startRefunds(this.#budget, this.#environment.now());
  }
}
