import type { CallFacts } from './normalise.ts';

/** How well a call fits a request. */
export interface Fit {
  /** Whether the request may be its at all. */
  fits(call: CallFacts): boolean;
  /** Whether it opened with what the request says: that counts most. */
  isSame(call: CallFacts): boolean;
  /** Whether it hardly asks any more, as one that is over. */
  isOdd(call: CallFacts): boolean;
  /** Whether something else speaks against it, as that its client asks elsewhere. That counts least. */
  isUnlikely?(call: CallFacts): boolean;
}

/** The call that a request was given to. */
export interface TakenCall {
  readonly call: CallFacts;
  /**
   * Whether it is surely of the client that asks: no call of another client was waiting that fits as well, neither now nor when one of
   * those was given away. Where two clients ask for the same at once, whose connection it is shows later.
   */
  isSure(): boolean;
}

/** Calls that no request was given to yet. */
export interface WaitingCalls {
  /** Takes the call that fits a request best, of those that fit as well the first; undefined where none does. */
  take(fit: Fit): TakenCall | undefined;
}

/** Starts with these calls, in order of invocation. */
export function waitingCalls(calls: readonly CallFacts[]): WaitingCalls {
  const waiting = [...calls];
  const doubtful = new Set<CallFacts>();
  return {
    take(fit) {
      const found = foremost(waiting, (each) => rankBy(fit, each));
      if (found === undefined) return undefined;
      waiting.splice(waiting.indexOf(found), 1);
      return {
        call: found,
        isSure() {
          const its = rankBy(fit, found);
          const rivals = waiting.filter((each) => each.instance !== found.instance && rankBy(fit, each) === its);
          for (const each of rivals) doubtful.add(each);
          return rivals.length === 0 && !doubtful.has(found);
        },
      };
    },
  };
}

/** 0 is a perfect fit; undefined is none. */
function rankBy({ fits, isSame, isOdd, isUnlikely }: Fit, call: CallFacts): number | undefined {
  return fits(call) ? (isSame(call) ? 0 : 4) + (isOdd(call) ? 2 : 0) + (isUnlikely?.(call) === true ? 1 : 0) : undefined;
}

/** The first with the lowest rank. Nothing is looked at behind one of rank 0, so that the first of many that are all alike is found at once. */
function foremost<T>(all: readonly T[], rank: (each: T) => number | undefined): T | undefined {
  let best: T | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const each of all) {
    const its = rank(each);
    if (its === 0) return each;
    if (its !== undefined && its < lowest) [best, lowest] = [each, its];
  }
  return best;
}
