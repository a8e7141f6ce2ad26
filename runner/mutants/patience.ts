import { computedMs } from '../computed-ms.ts';

/** CPU ms that a thread may use without a sign of life; a case-run takes a few, one that takes long some seconds. */
const BUSY_MS = { usual: 6000, long: 40_000 };

/** Wall-clock ms without a sign of life after which a thread is ended, though it uses no CPU: it waits for what never comes. */
const IDLE_MS = { usual: 60_000, long: 600_000 };

/** How often to look, ms. */
const LOOK_MS = 500;

/** How far a thread has come. */
export interface Progress {
  /** Another number than before is a sign of life. */
  readonly begun: number;
  /** What goes on may take its time. */
  readonly long: boolean;
}

/**
 * Calls `hung` once where a thread shows no sign of life. It goes by the CPU time of the process, shared by that many
 * `threads`, so that on a busy machine nothing is taken for a hang that only waits for its turn. Gives what ends the watch.
 */
export function watchForHang(threads: number, progress: () => Progress, hung: () => void): () => void {
  let since = { cpu: computedMs(), wall: performance.now(), begun: progress().begun };
  const timer = setInterval(() => {
    const { begun, long } = progress();
    if (begun !== since.begun) {
      since = { cpu: computedMs(), wall: performance.now(), begun };
      return;
    }
    const patience = long ? 'long' : 'usual';
    const busy = computedMs() - since.cpu >= BUSY_MS[patience] * threads;
    if (!busy && performance.now() - since.wall < IDLE_MS[patience]) return;
    clearInterval(timer);
    hung();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
