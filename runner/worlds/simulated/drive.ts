import type { VirtualClock } from './clock.ts';

/** Virtual ms after which a run that still plays is given up: no case takes a day. */
const HORIZON_MS = 24 * 3_600_000;

/** Events at one instant after which time is taken to stand still for good. */
const MOST_EVENTS_AT_ONCE = 1_000_000;

/** After so many events the process gets a turn for everything else. */
const EVENTS_PER_TURN = 200;

/** A run in the simulated world could not go on. `cause` is the error that a peer or listener threw, if one did. */
export class SimulationError extends Error {
  /** Virtual time of the run, in ms. */
  readonly virtualMs: number;

  constructor(message: string, virtualMs: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulationError';
    this.virtualMs = virtualMs;
  }
}

/**
 * Lets virtual time pass until `playing` settles, and settles alike: one event, then everything that it set going in
 * promises, then the next. `check` is called after each event and may throw as the event itself may. Rejects with a `SimulationError` when an event throws, when nothing is left to happen while
 * `playing` still waits, or when it waits for ever.
 */
export function drive<T>(clock: VirtualClock, playing: Promise<T>, check: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    let events = 0;
    let atOnce = 0;
    // The queue was empty; what waits for something outside the simulation gets one turn before that is a deadlock.
    let idle = false;

    playing.then(
      (value) => {
        settled = true;
        resolve(value);
      },
      (error: unknown) => {
        settled = true;
        reject(error);
      },
    );

    // A tick asked for by a microtask comes when all microtasks are done, at a fraction of the price of a macrotask turn.
    const whenQuiet = () => process.nextTick(step);
    // A microtask by way of a promise: queueMicrotask would make an async resource for each.
    const quiet = Promise.resolve();

    function fail(problem: string, cause?: unknown): void {
      settled = true;
      const message = `${problem} (at virtual ${clock.now()} ms)`;
      reject(new SimulationError(message, clock.now(), cause === undefined ? undefined : { cause }));
    }

    function step(): void {
      if (settled) return;
      const before = clock.now();
      const happen = clock.next();
      if (happen === undefined && idle) {
        fail('deadlock: nothing left to happen, and the run still waits for something');
        return;
      }
      idle = happen === undefined;
      events += 1;
      atOnce = clock.now() > before ? 0 : atOnce + 1;
      try {
        happen?.();
        check();
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error), error);
        return;
      }
      if (clock.now() > HORIZON_MS) fail('the run never comes to its end');
      else if (atOnce > MOST_EVENTS_AT_ONCE) fail('time stands still: events without end at one instant');
      else if (idle || events % EVENTS_PER_TURN === 0) setImmediate(step);
      else void quiet.then(whenQuiet);
    }

    // Once a run at least, however short: thousands after each other would keep the process from signals and timers.
    setImmediate(() => void quiet.then(whenQuiet));
  });
}
