import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../package-root.ts';

/** The event of `process` by which the watcher reaches into a main thread that is stuck. */
export const STUCK = 'weir-stuck';

/** How often the main thread shows that its event loop turns, and how often that is looked at, in ms. */
export const BEAT_MS = 250;

/** What is done when the main thread is stuck, and when it goes on. */
export interface Stuck {
  /** Called within the turn that does not end, between two statements of it; once. */
  begins(): void;
  /** Called in the first turn after it. */
  ends(): void;
}

/** A watch over the main thread. */
export interface LoopWatch {
  close(): void;
}

/**
 * Has a thread of its own watch whether the main thread's event loop turns. Node hears signals only between two turns, so that a
 * process which computes for ever in one is deaf to them. A watch that cannot be had (no thread left) is no error.
 */
export function watchLoop({ begins, ends }: Stuck): LoopWatch {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const watcher = new Worker(join(packageRoot(), 'dist/runner/cli/loop-watcher.js'), { workerData: beats });
  watcher.on('error', () => {});
  watcher.unref();
  let stuck = false;
  const begin = (): void => {
    if (stuck) return;
    stuck = true;
    begins();
  };
  const events: NodeJS.EventEmitter = process;
  events.on(STUCK, begin);
  const timer = setInterval(() => {
    Atomics.add(beats, 0, 1);
    if (!stuck) return;
    stuck = false;
    ends();
  }, BEAT_MS).unref();
  return {
    close() {
      clearInterval(timer);
      events.off(STUCK, begin);
      void watcher.terminate();
    },
  };
}
