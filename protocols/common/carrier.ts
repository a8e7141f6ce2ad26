import type { Pieces } from './byte-queue.ts';
import type { Link, LinkEvents } from './environment.ts';
import type { CloseFrame, Frame, FrameClass, Side } from './frame.ts';

/**
 * What goes wrong below the messages: the carrier (what makes frames of bytes) is refused, or its own rules are broken. A
 * carrier tells it in these words, so that whoever judges or shows it need not know which carrier it was.
 */
export interface CarrierProblem {
  /** Short and stable, for fingerprints: `upgrade-refused`, `wrong-accept`, `broken-frame`, … */
  readonly kind: string;
  /** What tells causes of one kind apart, short and stable: a status, a rule; empty where nothing does. */
  readonly detail: string;
  /** What the end did, as the predicate of a sentence: `answered the upgrade with HTTP 403 Forbidden: Invalid Host header`. */
  readonly text: string;
  /** It is that end's alone: nothing that the other did can have brought it about, as it can a refusal. */
  readonly own?: true | undefined;
  /** An end may do that: where nothing is known of the ends, it is nobody's fault. */
  readonly allowed?: true | undefined;
}

/**
 * What `fault:` steps ask of a carrier: a key of the grammar of faults, and with a point behind it what only some carriers can do
 * of it. What lifts faults (`restore`, `resume`, `release`) every carrier can do.
 */
export const faultWords = [
  ...(['cut', 'close', 'stall', 'drop', 'duplicate', 'hold', 'reorder', 'corrupt', 'truncate', 'delay', 'split', 'replace'] as const),
  ...(['inject', 'refuse', 'cut.inside', 'split.at', 'inject.text', 'refuse.http'] as const),
];

/** One of them. */
export type FaultWord = (typeof faultWords)[number];

/** A stretch of what one side writes, as the relay has to see to it. The `raw` of all, one after the other, are what is to be passed on. */
export type WireItem =
  /** A whole frame, and the bytes in which it came. */
  | { readonly kind: 'frame'; readonly frame: Frame; readonly raw: Pieces }
  /** Bytes that pass and are no frame. */
  | { readonly kind: 'bytes'; readonly raw: Pieces }
  /** A side breaks the carrier's rules, or does not let itself be carried; told before the bytes that show it. */
  | { readonly kind: 'problem'; readonly from: Side; readonly problem: CarrierProblem }
  /** What begins here breaks no rule, but is longer than what is read; it passes as bytes. */
  | { readonly kind: 'unread'; readonly error: string };

/** What a conversation must know of where it is held. */
export interface Surroundings {
  /** Host and port by which the acceptor knows itself: `127.0.0.1:8080`. */
  readonly authority: string;
  /** Host and port that the dialler dialled. */
  readonly seen: string;
  /** Whether what goes before the messages is to be given as frames. */
  readonly seesOpenings?: boolean;
}

/**
 * The bytes of one connection, both directions, read as frames, in whatever chunks they come. Pure; never throws; time is linear in
 * the bytes, and what is kept is bounded by one frame a direction. Chunks must not be written to afterwards.
 */
export interface Conversation {
  /** Takes the next bytes and gives what they complete; of no more than `most` frames, where that is said: `more` gives the rest. */
  push(from: Side, chunk: Uint8Array, most?: number): WireItem[];
  /** What earlier bytes complete, of `most` frames at most. */
  more(from: Side, most: number): WireItem[];
  /** Whether bytes that were taken may complete further frames. */
  hasMore(from: Side): boolean;
  /** Frames that were read so far, parts of frames counted. */
  frames(from: Side): number;
  /** Whether these bytes, coming next, are whole frames of messages, `most` of them or fewer, and nothing else; so that they may pass first. */
  passesAsIs(from: Side, chunk: Uint8Array, most: number): boolean;
  /**
   * Bytes that were taken and belong to a frame that is not whole: they pass now, and are no longer among the `raw` of what comes. Absent
   * where frames are soon whole. Asked for only where nothing can strike the frame.
   */
  ahead?(from: Side): Pieces;
  /** A side's bytes are over. Gives what is left of a frame that was not whole (nothing after a reset), and what that end says of it. */
  end(from: Side, how: 'fin' | 'rst'): WireItem[];
}

/**
 * What makes frames of bytes and bytes of frames: how messages travel between whoever dials and whoever accepts. The core knows a
 * frame by its class and size; what only some carriers have (close codes, masks, heads) is said here and stays in the carrier's folder.
 */
export interface Carrier {
  /** `websocket`, `tcp` */
  readonly name: string;
  /** Scheme of addresses that are dialled: `ws`, `tcp`. */
  readonly scheme: string;
  /** The port of an address that names none; undefined where each must. */
  readonly port: number | undefined;
  /** The kinds of its frames, and what each is to its connection. */
  readonly kinds: Readonly<Record<string, FrameClass>>;
  /** What each fault does here, in a few words for people. What is not named it cannot do, and a case that asks for it is refused. */
  readonly faults: Readonly<Partial<Record<FaultWord, string>>>;
  /**
   * The frame that stands for a side's FIN, where a side that has said all may go on reading: it passes one way like any frame.
   * Undefined where a FIN from either side is the end of both.
   */
  readonly fin?: CloseFrame;
  /** A frame that announces an orderly end. Absent where there is none. */
  readonly close?: (code: number | undefined, reason: string) => CloseFrame;
  /** Whether a frame that is split goes in segments of its bytes; else in parts that the carrier itself knows. */
  readonly segments: boolean;
  /** Whether reading one direction takes what went the other way: whoever reads its own end of a connection must show what it writes, too. */
  readonly paired?: true;
  /** What turns a dialler away in words. Absent where there are none. */
  readonly refusal?: Uint8Array;
  /** What sides usually write before their first frame: worlds without it count its bytes. Absent where they write nothing. */
  readonly preamble?: Readonly<Record<Side, Uint8Array>>;
  /**
   * One end of a connection whose owner writes and reads what goes before the messages itself. Absent where the links of the worlds do
   * that, and owners see messages only.
   */
  readonly endpoint?: StartEndpoint;
  /** Begins with a connection that was just made. */
  converse(surroundings: Surroundings): Conversation;
  /**
   * The bytes of a frame as that side writes it, in so many parts that the carrier knows (1 where `segments`). `random` makes what
   * must be unforeseeable. Throws a RangeError for a frame that cannot be written.
   */
  encode(frame: Frame, from: Side, parts: number, random: () => number): Uint8Array;
}

/** Where an endpoint puts what it writes. */
export interface EndpointOutlet {
  frame(frame: Frame): void;
  /** Bytes outside of any frame. */
  bytes(bytes: Uint8Array): void;
  /** Its byte stream is over, and with it the connection. */
  ended(how: 'fin' | 'rst'): void;
  /** Runs something once what is running has finished. */
  later(happen: () => void): void;
}

/** One end of one connection: its owner's link, and what a network does to it. Without I/O, so that every world has the same. */
export interface Endpoint {
  readonly link: Link;
  /** The connection is there. */
  open(): void;
  arrive(frame: Frame): void;
  /** The other end has sent what is no frame, and why it is none. */
  broken(why: string): void;
  /** The connection is gone. */
  end(how: 'fin' | 'rst'): void;
}

/** Makes one. `owner` is asked for when there is something to tell. */
export type StartEndpoint = (side: Side, outlet: EndpointOutlet, owner: () => LinkEvents) => Endpoint;

/** Whether a frame is a side's FIN, on carriers where that passes one way. */
export function isFin(carrier: Pick<Carrier, 'fin'>, frame: Frame): boolean {
  return carrier.fin !== undefined && frame.class === 'closing';
}
