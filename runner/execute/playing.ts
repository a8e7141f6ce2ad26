import type { Party } from '../../protocols/common/frame.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { DEFAULT_WITHIN_MS } from '../cases/grammar-words.ts';
import type { Stage } from '../worlds/world.ts';
import type { Board } from './board.ts';
import type { Bound } from './wait.ts';

/** How far `await`, `opened` and `closed` steps have used up the trace: the `n` of the last event each took. */
export interface Cursors {
  /** Last awaited frame of each end. */
  readonly frames: Record<Party, number>;
  /** Last `opened` event taken. */
  opened: number;
  /** `closed` events already taken. */
  readonly closed: Set<number>;
  /** The `n` up to which the last waiting step saw the trace; what came later is what `quiet` looks at. */
  observed: number;
}

/** Lets time pass where a case says nothing of time: what an application, or a machine, may take for itself. */
export interface Pace {
  /** Nominal ms that pass before a step (an index) is carried out. */
  before(step: number): number;
}

/** A case being played on a stage. */
export interface Playing {
  readonly protocol: Protocol;
  readonly stage: Stage;
  readonly board: Board;
  readonly match: MatchContext;
  readonly cursors: Cursors;
  /** Factor from nominal to this world's ms. */
  readonly timeScale: number;
  /** Least that a wait without a stated bound lasts, in this world's ms. */
  readonly patienceMs: number;
  readonly binding: string;
  readonly serverId: string;
  /** Client ids by instance, as connect steps gave them. */
  readonly clientIds: Map<string, string>;
  /** Where clients dial the servers that steps have started, by handle. */
  readonly urls: Map<string, string>;
  readonly pace?: Pace | undefined;
  /** Timers that clients have whatever a case says, ms of this world. */
  readonly fixedTimers: Readonly<Record<string, number>>;
  /** Likewise of servers. */
  readonly fixedServerTimers: Readonly<Record<string, number>>;
  /** Ms of wall clock that runner and adapter have lost so far. */
  readonly lostMs: () => number;
  /** How many things the applications have asked of the ends so far. */
  readonly asked: { count: number };
}

/** What came of a step. */
export type StepOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** What was wanted and what was seen, in one sentence. */
      readonly message: string;
      /** Short word for the fingerprint: `timeout`, `value.msg`, `too-early`, … */
      readonly field: string;
      /** Trace events that show it. */
      readonly events: readonly number[];
      /** What an application suffers by it, whatever the rule says of how binding it is. */
      readonly damage?: Damage | undefined;
      /** An earlier step that broke may be why, so that it says nothing. */
      readonly follows?: true | undefined;
    };

/** changed: an application read another value than was sent, or one too many; missing: it waits in vain, or was told that nothing comes. */
export type Damage = 'changed' | 'missing';

/** The step did what it should. */
export const HELD: StepOutcome = { ok: true };

/** The step found something wrong. */
export function broken(field: string, message: string, events: readonly number[] = [], damage?: Damage): StepOutcome {
  return { ok: false, field, message, events, ...(damage === undefined ? {} : { damage }) };
}

/** Cursors before the first step. */
export function newCursors(): Cursors {
  return { frames: { client: -1, server: -1, broker: -1 }, opened: -1, closed: new Set(), observed: -1 };
}

/** What an implementation may need for one thing that its application asks of it, ms of wall clock: a slow one, on a busy machine. */
export const WORK_MS = 30;

/**
 * How long a step may wait, in this world's ms. A bound that the case states counts from the last progress where the application
 * has asked for much, for then it is the work that takes long; apart from that it is kept to the letter. The default bound only ends
 * the wait for what does not come, so it may be longer where the world is slow.
 */
export function boundOf(playing: Playing, within: number): Bound {
  const scaled = within * playing.timeScale;
  const ms = within === DEFAULT_WITHIN_MS ? Math.max(scaled, playing.patienceMs) : scaled;
  // Virtual time does not pass while something is done.
  if (playing.patienceMs === 0 || playing.asked.count < MUCH) return { ms };
  const { idleKinds = [], kindOf } = playing.protocol;
  const isProgress = (event: TraceEvent): boolean =>
    event.type === 'opened' ||
    event.type === 'application' ||
    (event.type === 'sent' && !idleKinds.includes(kindOf(event.frame, event.decoded)));
  return { ms, fromProgress: { stillMs: ms, mostMs: playing.asked.count * WORK_MS, isProgress } };
}

/** Things asked for that are much. */
const MUCH = 20;

/** Nominal ms as text: `1500 ms`. */
export function nominal(ms: number | string): string {
  return `${ms} ms`;
}

/** A waiting step saw the trace up to event `n`. */
export function observe(playing: Playing, n: number): void {
  playing.cursors.observed = Math.max(playing.cursors.observed, n);
}
