import type { Stage } from '../worlds/world.ts';

/** What came of a bounded wait. */
export type Waited<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/**
 * Waits until `condition` gives something other than undefined, or `boundMs` (real ms of the stage's world) have passed.
 * The condition is asked at once and then after every event of the trace; there is no polling.
 */
export function waitFor<T>(stage: Stage, boundMs: number, condition: () => T | undefined): Promise<Waited<T>> {
  const first = condition();
  if (first !== undefined) return Promise.resolve({ ok: true, value: first });
  return new Promise((resolve, reject) => {
    const finish = (outcome: Waited<T>): void => {
      stopListening();
      cancelTimer();
      resolve(outcome);
    };
    const stopListening = stage.recorder.listen(() => {
      try {
        const value = condition();
        if (value !== undefined) finish({ ok: true, value });
      } catch (error) {
        stopListening();
        cancelTimer();
        reject(error);
      }
    });
    const cancelTimer = stage.environment.after(boundMs, () => finish({ ok: false }));
  });
}

/** Lets `ms` (of the stage's world) pass. */
export function elapse(stage: Stage, ms: number): Promise<void> {
  return new Promise((resolve) => {
    stage.environment.after(ms, resolve);
  });
}
