import { performance } from 'node:perf_hooks';

/** Monotonic ms, from any start. */
export type Now = () => number;

/** The wall clock's. */
export const wallNow: Now = () => performance.now();

/** How often the event loop is looked after, in ms. */
const TICK_MS = 3;

/** The most that one turn of the event loop can count, in ms. */
const LONGEST_TURN_MS = 6;

/**
 * Time in which this process attended to its events. Where both ends of a run and the network between them live in one
 * process, a pause of that process pauses all of them alike; counting it would only make timers fire before frames that
 * had long been sent. So a turn of the event loop counts for at most `LONGEST_TURN_MS`.
 */
export interface AttentiveTime {
  readonly now: Now;
  /** Watches the event loop until the answer is called; time is only told between the two. */
  watch(): () => void;
}

/** Starts such a time. `wall` is what it is cut out of. */
export function attentiveTime(wall: Now = wallNow): AttentiveTime {
  let counted = 0;
  let turned = wall();
  let watchers = 0;
  let ticker: NodeJS.Timeout | undefined;
  const turn = (): number => Math.min(wall() - turned, LONGEST_TURN_MS);
  const tick = (): void => {
    counted += turn();
    turned = wall();
  };
  return {
    now: () => counted + turn(),
    watch() {
      tick();
      watchers += 1;
      ticker ??= setInterval(tick, TICK_MS).unref();
      let watching = true;
      return () => {
        if (watching) watchers -= 1;
        watching = false;
        if (watchers > 0) return;
        clearInterval(ticker);
        ticker = undefined;
      };
    },
  };
}
