import type { Carrier } from '../../protocols/common/carrier.ts';
import type { Frame, MessageFrame, Party } from '../../protocols/common/frame.ts';
import type { SentEvent } from '../../protocols/common/trace.ts';
import type { Ends } from './ends.ts';
import type { Fault } from './fault.ts';

/**
 * The fault engine: a pure automaton between the two ends of every connection. It has no clock and no sockets; the
 * real relay and the simulated network feed it what happens and carry out, in order, the actions it answers with.
 *
 * What a world does: number connections from 0 as they reach the proxy and record `opened` (refused ones too), then
 * feed `dial`; record each arriving frame as sent and feed the event; feed `ended` when an end's byte stream ends;
 * record a `delivered` event for each `deliver`, a `closed` event for each `closed`, a `fault` event for each `note`.
 */
export type FaultInput =
  /** Arms, lifts or carries out a fault. */
  | { readonly type: 'arm'; readonly fault: Fault }
  /** Lifts a fault at work, by its `id`: it strikes no more, and what it kept goes on. */
  | { readonly type: 'lift'; readonly rule: number }
  /** A client's connection reached the proxy. Answered by exactly one `accept` or `refuse`. */
  | { readonly type: 'dial'; readonly connection: number; readonly ends?: Ends | undefined }
  /** A frame of any kind arrived from an end, close frames and keep-alives included. */
  | { readonly type: 'frame'; readonly event: SentEvent }
  /** The byte stream from this end is over. Feed it after the end's last frame, whether a close frame came or not. */
  | { readonly type: 'ended'; readonly connection: number; readonly by: Party; readonly how: 'fin' | 'rst' }
  /** A timer asked for by `timer` ran out. */
  | { readonly type: 'due'; readonly timer: number };

/** What the world must do, in the order given. */
export type FaultAction =
  /** Let the connection through to the server. */
  | { readonly type: 'accept'; readonly connection: number }
  /**
   * Do not let it through. reset: RST at once; http: answer 503 and end; silent: keep the socket open, answer nothing,
   * and go on reporting `ended` (frames there are none).
   */
  | { readonly type: 'refuse'; readonly connection: number; readonly how: 'reset' | 'silent' | 'http' }
  | DeliverAction
  /** Write roughly the first half of the frame's raw bytes toward the end, at least one byte and never all. An `end` follows. No `delivered` event. */
  | { readonly type: 'deliver-part'; readonly connection: number; readonly to: Party; readonly frame: Frame }
  /** End both sides of the connection once everything delivered before was written; feed nothing more of it (it is ignored). */
  | { readonly type: 'end'; readonly connection: number; readonly how: 'fin' | 'rst' }
  /** Record that the connection ended. Once a connection, usually beside `end`; alone where a stalled end gave up. */
  | ClosedAction
  /** Feed `due` with this number after so many nominal ms (the world scales them). Never cancelled; a late `due` is harmless. */
  | { readonly type: 'timer'; readonly timer: number; readonly nominalMs: number }
  /** Text for the trace's `fault` event. */
  | { readonly type: 'note'; readonly connection: number | undefined; readonly what: string };

/** How a frame is parted: into so many parts as the carrier has them, or after so many of its bytes (negative: before so many). */
export type Split = { readonly into: number } | { readonly at: number };

/** Deliver a frame to an end. */
export interface DeliverAction {
  readonly type: 'deliver';
  readonly connection: number;
  readonly to: Party;
  readonly from: Party;
  /** `n` of the sent event; undefined where the proxy made the frame up. */
  readonly of: number | undefined;
  /** False: `frame` is the very object of the sent event, its raw bytes can be written as they came. */
  readonly altered: boolean;
  readonly frame: Frame;
  /** In which parts to deliver it; undefined = as it came. */
  readonly split: Split | undefined;
}

/** A connection ended: fields of the trace's `closed` event. */
export interface ClosedAction {
  readonly type: 'closed';
  readonly connection: number;
  readonly by: Party | 'proxy';
  readonly how: 'close' | 'fin' | 'rst';
  readonly code: number | undefined;
}

/** What the engine must ask of the protocol and its carrier. */
export interface FaultTools {
  /** Whether a frame, as its end sent it, matches a wire pattern. */
  matches(pattern: unknown, event: SentEvent): boolean;
  /** The frame with keys laid over its decoded message, encoded again; `event` is as it was sent. Throws an Error saying why it cannot be done. */
  replace(frame: MessageFrame, set: Readonly<Record<string, unknown>>, event: Pick<SentEvent, 'connection' | 'from'>): MessageFrame;
  /** Encodes a made-up message (tagged). Throws when the binding cannot carry it. */
  encode(message: unknown): MessageFrame;
  readonly carrier: Carrier;
  /** Whether what goes before the messages is frames too. */
  readonly seesOpenings: boolean;
}
