import { bodyLength } from '../../protocols/common/frame.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { isAsSent } from '../worlds/recorded-frame.ts';
import type { WireRecorder } from '../worlds/recorder.ts';

/** How a growing trace is read beside the passing of what it holds. */
export interface ReadingPace {
  /** How often it is looked at, ms. */
  readonly everyMs: number;
  /** While much passes: the share of what the process computes that looks may be, on average. */
  readonly busyShare: number;
  /** While little does: how long a look may take, ms. */
  readonly idleMs: number;
  /** Events that may wait to be read, and bytes of theirs; beyond these, reading comes before passing. */
  readonly mostBehind: number;
  readonly mostBytesBehind: number;
}

/** A hundredth of a second is no delay to people, and a twentieth of what passing takes none to programs. */
export const TAP_PACE: Omit<ReadingPace, 'mostBytesBehind'> = { everyMs: 10, busyShare: 0.05, idleMs: 8, mostBehind: 200_000 };

/** What a reader measures itself by. */
export interface ReadingClock {
  /** Ms of the wall clock. */
  now(): number;
  /** Ms that this process has computed: on a machine that others use too these are less than have passed. */
  computed(): number;
}

/** Reads a trace that grows, each event once and in order. */
export interface TraceReader {
  /** Events that are there and not read yet. */
  behind(): number;
  /** Whether nothing is left to be done: all there is was read, and what is for spare time was done since. */
  rests(): boolean;
  /** How many were read: `n` of the next. */
  read(): number;
  /** Reads all there is, and reads no more on its own. */
  end(): void;
}

/** Events read between two looks at the clock, and bytes from which on there are no more of them: a mebibyte takes some ms to decode. */
const AT_ONCE = 16;
const BYTES_AT_ONCE = 64 * 1024;

/** Looks in a row that saw little pass before it counts as little: between two large frames there are some, and time that is not spare. */
const CALM_LOOKS = 5;

/**
 * Starts reading: what passes comes first, its reading when there is time, or too much waits. `spare` is called when all is read and
 * written, and nothing has passed for a while.
 */
export function startReader(
  recorder: WireRecorder,
  read: (event: TraceEvent) => void,
  { now, computed }: ReadingClock,
  pace: ReadingPace,
  spare: () => void = () => {},
): TraceReader {
  let next = 0;
  let length = 0;
  let passed = 0;
  let bytesRead = 0;
  /** Ms that looks took beyond their time: later ones are left out for it. */
  let owed = 0;
  /** Looks in a row that saw little pass. */
  let calm = CALM_LOOKS;
  /** Likewise that saw nothing pass; what is for spare time was done in it. */
  let still = 0;
  let spared = true;
  let computedBefore = computed();
  const tooFarBehind = (): boolean => length - next > pace.mostBehind || recorder.bytes - bytesRead > pace.mostBytesBehind;
  const some = (until: number, tidily: boolean): void => {
    while (next < length) {
      let bytes = 0;
      for (let i = 0; i < AT_ONCE && bytes < BYTES_AT_ONCE && next < length; i += 1) {
        next = Math.max(next, recorder.first);
        const event = recorder.trace.at(next);
        next += 1;
        if (event === undefined) continue;
        bytes += bytesOf(event);
        read(event);
      }
      bytesRead += bytes;
      length = recorder.trace.length;
      // What was read goes to disk right behind: as long as it is in memory every look for garbage goes through it, and what it said.
      if (tidily) recorder.tidy(next);
      if (now() >= until && !tooFarBehind()) return;
    }
    // What was gone before it could be read is not waited for.
    bytesRead = recorder.bytes;
  };
  const look = (): void => {
    const [events, bytes] = [length, passed];
    length = recorder.trace.length;
    passed = recorder.bytes;
    calm = length - events > 2 * AT_ONCE || passed - bytes > BYTES_AT_ONCE ? 0 : calm + 1;
    const busy = calm < CALM_LOOKS;
    still = length === events ? still + 1 : 0;
    spared &&= still > 0;
    const computedNow = computed();
    const budget = busy ? pace.busyShare * (computedNow - computedBefore) : pace.idleMs;
    computedBefore = computedNow;
    const left = Math.max(0, budget - owed);
    owed = Math.max(0, owed - budget);
    if (next < length) {
      if (left === 0 && !tooFarBehind()) return;
      const began = now();
      some(began + left, !busy);
      owed += Math.max(0, now() - began - left);
    } else if (!busy) recorder.tidy(next);
    if (spared || still < CALM_LOOKS || next < length) return;
    spared = true;
    spare();
  };
  const timer = setInterval(look, pace.everyMs);
  return {
    behind: () => recorder.trace.length - next,
    rests: () => spared && recorder.trace.length === next && next === length,
    read: () => next,
    end() {
      clearInterval(timer);
      length = recorder.trace.length;
      some(Number.POSITIVE_INFINITY, true);
    },
  };
}

/** Bytes of a frame body, as the recorder counts them. */
function bytesOf(event: TraceEvent): number {
  if (event.type !== 'sent' && (event.type !== 'delivered' || isAsSent(event))) return 0;
  return event.frame.class === 'data' ? bodyLength(event.frame) : 0;
}
