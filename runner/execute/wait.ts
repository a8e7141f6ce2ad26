import type { TraceEvent } from '../../protocols/common/trace.ts';
import type { Stage } from '../worlds/world.ts';

/** What came of a bounded wait. */
export type Waited<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** How long a wait may last, in ms of the stage's world. */
export interface Bound {
  readonly ms: number;
  /** The wait counts from the last progress, since the ends have much to do; undefined: from its beginning. */
  readonly fromProgress?:
    | {
        /** Without progress for so long it is over. */
        readonly stillMs: number;
        /** How much longer than `ms` it may last at most. */
        readonly mostMs: number;
        readonly isProgress: (event: TraceEvent) => boolean;
      }
    | undefined;
}

/**
 * Waits until `condition` gives something other than undefined, or the bound has passed.
 * The condition is asked at once and then after every event of the trace; there is no polling.
 */
export function waitFor<T>(stage: Stage, { ms, fromProgress }: Bound, condition: () => T | undefined): Promise<Waited<T>> {
  const first = condition();
  if (first !== undefined) return Promise.resolve({ ok: true, value: first });
  const { environment } = stage;
  const begun = environment.now();
  let progressed = begun;
  return new Promise((resolve, reject) => {
    let cancelTimer = (): void => {};
    const finish = (outcome: Waited<T>): void => {
      stopListening();
      cancelTimer();
      resolve(outcome);
    };
    const stopListening = stage.recorder.listen((event) => {
      if (fromProgress?.isProgress(event)) progressed = environment.now();
      try {
        const value = condition();
        if (value !== undefined) finish({ ok: true, value });
      } catch (error) {
        stopListening();
        cancelTimer();
        reject(error);
      }
    });
    const wait = (left: number): void => {
      cancelTimer = environment.after(left, () => {
        const until = fromProgress === undefined ? begun : Math.min(progressed + fromProgress.stillMs, begun + ms + fromProgress.mostMs);
        const more = until - environment.now();
        if (more > 0 && progressed > begun) wait(more);
        else finish({ ok: false });
      });
    };
    wait(ms);
  });
}

/** Lets `ms` (of the stage's world) pass. */
export function elapse(stage: Stage, ms: number): Promise<void> {
  return new Promise((resolve) => {
    stage.environment.after(ms, resolve);
  });
}
