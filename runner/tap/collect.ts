import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that the heap has to have grown by before it is looked through in spare time. */
const WORTH_IT = 64 * 1024 * 1024;

/**
 * What frees memory when it is called at a moment in which nothing passes, where there may be much to free. Left to itself the engine does
 * it when memory is asked for, which is while frames pass: what reading a burst left was swept in the next one, at twice what passing that takes.
 */
export function spareTimeCollector(): () => void {
  let collect: (() => void) | undefined;
  let after = heapUsed();
  return () => {
    if (heapUsed() - after < WORTH_IT) return;
    collect ??= exposed();
    collect();
    after = heapUsed();
  };
}

function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}

/** The engine's own collector, which has no other name. */
function exposed(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof gc === 'function' ? () => void gc() : () => {};
}
