/** CPU ms that a thread may use without a sign of life; a case-run takes a few. */
const BUSY_MS = 6000;

/** Wall-clock ms without a sign of life after which a thread is ended, though it uses no CPU: it waits for what never comes. */
const IDLE_MS = 60_000;

/** How often to look, ms. */
const LOOK_MS = 500;

/** Watches one thread. */
export interface HangWatch {
  signOfLife(): void;
  stop(): void;
}

/**
 * Calls `hung` once where a thread shows no sign of life. It goes by the CPU time of the process, shared by that many
 * `threads`, so that on a busy machine nothing is taken for a hang that only waits for its turn.
 */
export function watchForHang(threads: number, hung: () => void): HangWatch {
  let since = { cpu: cpuMs(), wall: performance.now() };
  const timer = setInterval(() => {
    const busy = cpuMs() - since.cpu >= BUSY_MS * threads;
    if (!busy && performance.now() - since.wall < IDLE_MS) return;
    clearInterval(timer);
    hung();
  }, LOOK_MS);
  return {
    signOfLife: () => {
      since = { cpu: cpuMs(), wall: performance.now() };
    },
    stop: () => clearInterval(timer),
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
