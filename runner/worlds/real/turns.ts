/** Longest that what one connection brings is taken in one turn of the event loop, ms: others, timers and signals wait meanwhile. */
const TURN_MS = 50;

/** Whose bytes are not read while what they brought waits for its turn. */
export interface Paused {
  pause(): void;
  resume(): void;
}

/**
 * Takes what a connection brings, in its order, and leaves the rest to the next turn of the event loop once that has taken long: each
 * request of a few bytes may ask for a second's work, and a thousand of them come in one piece.
 */
export function inTurns(source: Paused): (take: () => void) => void {
  const waiting: (() => void)[] = [];
  let began: number | undefined;
  const goOn = (): void => {
    began = performance.now();
    let at = 0;
    try {
      while (at < waiting.length && performance.now() - began < TURN_MS) {
        const take = waiting[at];
        at += 1;
        take?.();
      }
    } finally {
      waiting.splice(0, at);
      if (waiting.length > 0) setImmediate(goOn);
      else {
        began = undefined;
        source.resume();
      }
    }
  };
  return (take) => {
    if (waiting.length > 0) {
      waiting.push(take);
      return;
    }
    if (began === undefined) {
      began = performance.now();
      setImmediate(() => {
        if (waiting.length === 0) began = undefined;
      });
    } else if (performance.now() - began >= TURN_MS) {
      waiting.push(take);
      source.pause();
      setImmediate(goOn);
      return;
    }
    take();
  };
}
