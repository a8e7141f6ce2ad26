import type { CancelTimer, Environment } from '../../../protocols/common/environment.ts';
import { LONGEST_TIMER_MS } from '../../longest-timer.ts';
import { seededRandom } from '../random.ts';
import { type Now, wallNow } from './time.ts';

/** How much too early, in ms, a timer may be called back: setTimeout counts whole ms. */
const EARLY_MS = 1;

/** The wall clock as a run's environment, until it is stopped. */
export interface RealClock extends Environment {
  /** Cancels every timer; timers asked for from now on never fire. */
  stop(): void;
}

/** Starts a run's clock at 0; `seed` decides the random numbers, `source` tells the time. */
export function startClock(seed: number, source: Now = wallNow): RealClock {
  const began = source();
  const pending = new Set<CancelTimer>();
  let stopped = false;

  return {
    now: () => source() - began,
    random: seededRandom(seed),
    after(delayMs, callback) {
      if (stopped) return () => {};
      const fire = () => {
        pending.delete(cancel);
        callback();
      };
      const disarm = delayMs > 0 ? timeout(delayMs, source, fire) : immediate(fire);
      const cancel = () => {
        pending.delete(cancel);
        disarm();
      };
      pending.add(cancel);
      return cancel;
    },
    stop() {
      stopped = true;
      for (const cancel of [...pending]) cancel();
    },
  };
}

/** Waits again for as long as the source says that something is left. */
function timeout(delayMs: number, source: Now, fire: () => void): CancelTimer {
  const due = source() + delayMs;
  const wait = (ms: number): NodeJS.Timeout =>
    setTimeout(
      () => {
        const left = due - source();
        if (left > EARLY_MS) handle = wait(left);
        else fire();
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
  let handle = wait(delayMs);
  return () => clearTimeout(handle);
}

function immediate(fire: () => void): CancelTimer {
  const handle = setImmediate(fire);
  return () => clearImmediate(handle);
}
