import type { Environment } from '../../../protocols/common/environment.ts';
import { seededRandom } from '../random.ts';
import { createEventQueue } from './event-queue.ts';

/** A virtual clock as a run's environment: time stands still until the next event is taken. */
export interface VirtualClock extends Environment {
  /** Jumps to the next event and returns what is to happen then; undefined when nothing is left. */
  next(): (() => void) | undefined;
  /** Drops all that was to happen; nothing can be asked for from now on. */
  stop(): void;
}

/** Starts a clock at 0; `seed` decides the random numbers. */
export function createVirtualClock(seed: number): VirtualClock {
  const queue = createEventQueue();
  let now = 0;
  let stopped = false;
  return {
    now: () => now,
    random: seededRandom(seed),
    after(delayMs, callback) {
      if (stopped) return () => {};
      const event = queue.add(delayMs > 0 ? now + delayMs : now, callback);
      return () => {
        event.happen = undefined;
      };
    },
    next() {
      const event = stopped ? undefined : queue.take();
      if (event === undefined) return undefined;
      now = event.at;
      return event.happen;
    },
    stop() {
      stopped = true;
      queue.clear();
    },
  };
}
