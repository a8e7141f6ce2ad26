/** How late a timer may fire, in ms, while the event loop counts as responsive. */
const LATE_MS = 6;

/** Timers in a row that must fire in time before another run is let in: its start weighs on the turns that follow. */
const IN_TIME = 2;

/** Timers after which a run is let in although the loop is late: what delays it then is not the runs. */
const PATIENCE = 200;

/**
 * Lets runs in one after another, each once the event loop answers in time. Runs in the real world share one loop with
 * their protocol timers; were too many started at once, they would hear of each other's frames too late. `lateness`
 * waits a moment and gives how much later than asked it was called back, in ms.
 */
export function startAdmission(lateness: () => Promise<number>): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => untilResponsive(lateness));
    return last;
  };
}

async function untilResponsive(lateness: () => Promise<number>): Promise<void> {
  let inTime = 0;
  for (let asked = 0; asked < PATIENCE && inTime < IN_TIME; asked += 1) {
    inTime = (await lateness()) <= LATE_MS ? inTime + 1 : 0;
  }
}

/** A `lateness` of this process's event loop. */
export function timerLateness(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => setTimeout(() => resolve(performance.now() - began - 1), 1));
}
