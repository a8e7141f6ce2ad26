import type { CancelTimer, Environment } from '../environment.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** An environment for tests: its clock stands still until `advance` moves it, its random numbers are given. */
export interface ManualEnvironment extends Environment {
  /** Lets `ms` pass, running every timer that falls due on the way, in order; 0 runs what is due now. */
  advance(ms: number): void;
  /** How many timers wait. A peer that was closed leaves none. */
  pending(): number;
}

/** Makes a manual environment. `random` defaults to a fixed sequence, the same for each environment. */
export function manualEnvironment(random: () => number = fixedSequence()): ManualEnvironment {
  let time = 0;
  let order = 0;
  const timers = new Set<Timer>();
  const nextDue = (until: number): Timer | undefined => {
    let due: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (due === undefined || timer.at < due.at || (timer.at === due.at && timer.order < due.order)) due = timer;
    }
    return due;
  };
  return {
    now: () => time,
    random,
    after(delayMs: number, callback: () => void): CancelTimer {
      order += 1;
      const timer = { at: time + delayMs, order, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(ms: number): void {
      const until = time + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        time = timer.at;
        timer.callback();
      }
      time = until;
    },
    pending: () => timers.size,
  };
}

/** A linear congruential generator: good enough to tell ids apart. */
function fixedSequence(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
