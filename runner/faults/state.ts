import type { Frame, Party } from '../../protocols/common/frame.ts';
import type { SentEvent } from '../../protocols/common/trace.ts';
import type { Ends } from './ends.ts';
import type { Split } from './exchange.ts';

/** A frame, or the end of an end's byte stream, on its way through the armed faults. */
export type Item =
  | {
      readonly type: 'frame';
      readonly connection: number;
      readonly from: Party;
      /** As its end sent it; patterns match this, whatever faults did to the frame since. */
      readonly event: SentEvent;
      readonly frame: Frame;
      readonly altered: boolean;
      readonly split: Split | undefined;
      /** Which frame of its direction it is, from 1. */
      readonly count: number;
    }
  | { readonly type: 'ended'; readonly connection: number; readonly from: Party; readonly how: 'fin' | 'rst' };

/** An item that is a frame. */
export type FrameItem = Extract<Item, { type: 'frame' }>;

/** Which frames a fault strikes: counts down with every matching frame. */
export interface Aim {
  readonly pattern: unknown;
  /** Matching frames to let pass first. */
  skip: number;
  /** Matching frames to strike after that; Infinity for all. */
  left: number;
  /** Frames that it has struck. */
  struck: number;
}

/** What a fault does to a frame it strikes. */
export type Strike =
  | { readonly word: 'cut'; readonly how: 'fin' | 'rst'; readonly at: 'before' | 'inside' | 'after'; readonly refuse: boolean }
  | { readonly word: 'drop' }
  | { readonly word: 'stall' }
  | { readonly word: 'duplicate' }
  | { readonly word: 'hold' }
  | { readonly word: 'reorder' }
  | { readonly word: 'corrupt'; readonly byte: number }
  | { readonly word: 'truncate'; readonly to: number }
  | { readonly word: 'delay'; readonly nominalMs: number }
  | { readonly word: 'split'; readonly split: Split }
  | { readonly word: 'replace'; readonly set: Readonly<Record<string, unknown>> };

/** Something kept back, and what it waits for: `undefined` = only for those before it. */
export interface Kept {
  readonly item: Item;
  timer: number | undefined;
}

/** What a fault at work is. */
export type RuleBody =
  | { readonly type: 'strike'; readonly strike: Strike; readonly aim: Aim; kept: Kept[]; readonly says: string }
  | { readonly type: 'stall'; readonly connections: ReadonlySet<number>; readonly from: Party | 'both'; kept: Kept[]; lifted: boolean }
  | { readonly type: 'refuse'; readonly how: 'reset' | 'silent' | 'http'; left: number; readonly of?: string | undefined };

/** A fault at work. Frames pass the rules in order of arming. */
export type Rule = RuleBody & {
  /** By which it is lifted, from 1; none has that of another. */
  readonly id: number;
};

/** What the engine knows of a live connection. */
export interface ConnectionState {
  readonly id: number;
  /** Who dialled it, and who takes it. */
  readonly ends: Ends;
  /** False for a connection refused in silence: its client does not know yet. */
  readonly accepted: boolean;
  /** Frames seen of each direction. */
  readonly frames: Record<Party, number>;
  /** Ends whose byte stream is over. */
  readonly gone: Record<Party, boolean>;
  /** Ends whose FIN was passed on, where that is a frame; the first of them. */
  readonly finished: Party[];
  /** The first close frame that an end sent. */
  close: { readonly by: Party; readonly code: number | undefined } | undefined;
  /** Whether `closed` was reported. */
  reported: boolean;
}

/** All that the engine remembers. */
export interface FaultState {
  readonly connections: Map<number, ConnectionState>;
  rules: Rule[];
  nextTimer: number;
  /** The `id` that was given last. */
  lastRule: number;
  /** Grows whenever what is told of the faults at work changes (`armedFaults`): who tells them asks this first. */
  revision: number;
}

/** The engine before anything happened: no connections, no faults. */
export function startFaults(): FaultState {
  return { connections: new Map(), rules: [], nextTimer: 0, lastRule: 0, revision: 0 };
}

/** Puts a fault to work, behind those that are. */
export function enlist(state: FaultState, body: RuleBody): void {
  state.lastRule += 1;
  state.rules.push({ ...body, id: state.lastRule });
  state.revision += 1;
}
