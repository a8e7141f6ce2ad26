import type { Sequence } from '../../protocols/common/sequence.ts';

/** Work that nobody waits for: done when somebody looks at what it makes, or when there is much of it. */
export interface Deferral {
  /** Does it later, after all that was put off before. */
  putOff(work: () => void): void;
  /** Does all that was put off. */
  catchUp(): void;
}

/** Pieces of work that are put off at most; then all of them are done. Few enough that doing them delays nothing by much. */
const MOST = 32;

/** Nothing is put off yet. Work that is put off must not throw. */
export function startDeferral(): Deferral {
  let waiting: (() => void)[] = [];
  let catchingUp = false;
  const catchUp = (): void => {
    if (catchingUp || waiting.length === 0) return;
    catchingUp = true;
    const all = waiting;
    waiting = [];
    for (const work of all) work();
    catchingUp = false;
  };
  return {
    putOff(work) {
      waiting.push(work);
      if (waiting.length >= MOST) catchUp();
    },
    catchUp,
  };
}

/** A sequence that is looked at only when `catchUp` has been called. */
export function caughtUp<T>(sequence: Sequence<T>, catchUp: () => void): Sequence<T> {
  const now = (): Sequence<T> => {
    catchUp();
    return sequence;
  };
  return {
    get length() {
      return now().length;
    },
    at: (index) => now().at(index),
    slice: (from, to) => now().slice(from, to),
    [Symbol.iterator]: () => now()[Symbol.iterator](),
  };
}
