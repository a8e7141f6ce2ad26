import { type Now, wallNow } from './time.ts';

/** How often the event loop is asked for, in ms. */
const TICK_MS = 10;

/** How much later than asked a timer may be called back without anything being late. */
const USUAL_MS = 4;

/** How much time this process has lost: the event loop was kept from what was due. */
export interface Lateness {
  /** Ms lost so far, while somebody watched. */
  lost(): number;
  /** Watches the event loop until the answer is called. */
  watch(): () => void;
}

/** Starts to measure, with nothing lost yet. */
export function startLateness(wall: Now = wallNow): Lateness {
  let lost = 0;
  let turned = wall();
  let watchers = 0;
  let ticker: NodeJS.Timeout | undefined;
  const overdue = (): number => Math.max(0, wall() - turned - TICK_MS - USUAL_MS);
  const tick = (): void => {
    lost += overdue();
    turned = wall();
  };
  return {
    lost: () => (watchers > 0 ? lost + overdue() : lost),
    watch() {
      if (watchers === 0) turned = wall();
      watchers += 1;
      ticker ??= setInterval(tick, TICK_MS).unref();
      let watching = true;
      return () => {
        if (!watching) return;
        watching = false;
        tick();
        watchers -= 1;
        if (watchers > 0) return;
        clearInterval(ticker);
        ticker = undefined;
      };
    },
  };
}
