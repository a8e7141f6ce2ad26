import { LONGEST_TIMER_MS } from '../longest-timer.ts';

/** Runs `callback` after `ms` of wall clock; gives what stops it. */
export function wallAfter(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** What came of a bounded wait. */
export type Waited<T> = { readonly type: 'done'; readonly value: T } | { readonly type: 'late' };

/** Waits for `promise`, at most `ms` of wall clock, and no longer than the longest timer there is. Rejects only if the promise does so in time; a later rejection is swallowed. */
export function within<T>(promise: Promise<T>, ms: number): Promise<Waited<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ type: 'late' }), Math.min(ms, LONGEST_TIMER_MS));
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve({ type: 'done', value });
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
