import type { TraceEvent } from '../../protocols/common/trace.ts';
import type { WireRecorder } from '../worlds/recorder.ts';

/** How a growing trace is read beside the passing of what it holds. */
export interface ReadingPace {
  /** How often it is looked at, ms. */
  readonly everyMs: number;
  /** How long one look may take while much passes, and while little does, ms. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Events that may wait to be read; beyond these, reading comes before passing. */
  readonly mostBehind: number;
}

/** A hundredth of a second is no delay to people, and a tenth of a processor none to programs. */
export const TAP_PACE: ReadingPace = { everyMs: 10, busyMs: 0.5, idleMs: 8, mostBehind: 200_000 };

/** Reads a trace that grows, each event once and in order. */
export interface TraceReader {
  /** Events that are there and not read yet. */
  behind(): number;
  /** How many were read: `n` of the next. */
  read(): number;
  /** Reads all there is, and reads no more on its own. */
  end(): void;
}

/** Events read between two looks at the clock. */
const AT_ONCE = 16;

/** Starts reading: what passes comes first, its reading when there is time, or too much waits. `now` gives ms. */
export function startReader(recorder: WireRecorder, read: (event: TraceEvent) => void, now: () => number, pace: ReadingPace): TraceReader {
  let next = 0;
  let length = 0;
  const some = (until: number): void => {
    while (next < recorder.trace.length) {
      for (let i = 0; i < AT_ONCE && next < length; i += 1) {
        next = Math.max(next, recorder.first);
        const event = recorder.trace.at(next);
        next += 1;
        if (event !== undefined) read(event);
      }
      length = recorder.trace.length;
      if (now() >= until && length - next <= pace.mostBehind) return;
    }
  };
  const look = (): void => {
    const before = length;
    length = recorder.trace.length;
    if (next < length) some(now() + (length - before > 2 * AT_ONCE ? pace.busyMs : pace.idleMs));
  };
  const timer = setInterval(look, pace.everyMs);
  return {
    behind: () => recorder.trace.length - next,
    read: () => next,
    end() {
      clearInterval(timer);
      length = recorder.trace.length;
      some(Number.POSITIVE_INFINITY);
    },
  };
}
