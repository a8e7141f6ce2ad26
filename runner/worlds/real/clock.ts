import { performance } from 'node:perf_hooks';
import type { CancelTimer, Environment } from '../../../protocols/common/environment.ts';
import { seededRandom } from '../random.ts';

/** Longest delay that setTimeout takes; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The wall clock as a run's environment, until it is stopped. */
export interface RealClock extends Environment {
  /** Cancels every timer; timers asked for from now on never fire. */
  stop(): void;
}

/** Starts a run's clock at 0; `seed` decides the random numbers. */
export function startClock(seed: number): RealClock {
  const began = performance.now();
  const pending = new Set<CancelTimer>();
  let stopped = false;

  return {
    now: () => performance.now() - began,
    random: seededRandom(seed),
    after(delayMs, callback) {
      if (stopped) return () => {};
      const fire = () => {
        pending.delete(cancel);
        callback();
      };
      const disarm = delayMs > 0 ? timeout(delayMs, fire) : immediate(fire);
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

function timeout(delayMs: number, fire: () => void): CancelTimer {
  const handle = setTimeout(fire, Math.min(delayMs, LONGEST_DELAY_MS));
  return () => clearTimeout(handle);
}

function immediate(fire: () => void): CancelTimer {
  const handle = setImmediate(fire);
  return () => clearImmediate(handle);
}
