import type { Role } from '../../protocols/common/frame.ts';

/** Values for one init or request, one of each sort; templates take those they name. Tagged where JSON has no form. */
export interface Draw {
  readonly integer: number;
  readonly number: number;
  readonly count: number;
  readonly flag: boolean;
  readonly text: string;
  readonly bytes: unknown;
  readonly value: unknown;
}

/** Which frame a fault is tied to: the nth from that end, of the protocol's frames that `what` chooses. */
export interface FrameChoice {
  readonly from: Role;
  readonly what: number;
  readonly nth: number;
}

/** The words for what goes wrong with the network. */
export const disturbanceWords = [
  ...(['cut', 'away', 'cut-at', 'close', 'stall', 'drop', 'duplicate', 'hold', 'reorder', 'split', 'delay', 'refuse'] as const),
] as const;

/** Ways of not taking a connection. */
export const refusals = ['reset', 'http', 'silent'] as const;

/** Something that goes wrong with the network and that the protocol bridges. */
export type Disturbance =
  | { readonly word: 'cut'; readonly how: 'fin' | 'rst' }
  | { readonly word: 'away'; readonly how: 'fin' | 'rst' }
  | { readonly word: 'cut-at'; readonly how: 'fin' | 'rst'; readonly at: 'before' | 'inside' | 'after'; readonly frame: FrameChoice }
  | { readonly word: 'close'; readonly code: number; readonly toward: Role | 'both' }
  | { readonly word: 'stall'; readonly from: Role | 'both' }
  | { readonly word: 'drop'; readonly frame: FrameChoice }
  | { readonly word: 'duplicate'; readonly frame: FrameChoice; readonly times: number }
  | { readonly word: 'hold'; readonly frame: FrameChoice }
  | { readonly word: 'reorder'; readonly frame: FrameChoice }
  | { readonly word: 'split'; readonly frame: FrameChoice; readonly into: number }
  | { readonly word: 'delay'; readonly frame: FrameChoice; readonly ms: number }
  | { readonly word: 'refuse'; readonly how: 'reset' | 'silent' | 'http'; readonly times: number };

/**
 * One thing that happens in a scenario. Numbers choose among what there is at that point, and whatever makes no sense there
 * is left out, so that a part of a scenario is a scenario too.
 */
export type Command =
  | { readonly do: 'invoke'; readonly client: number; readonly procedure: number; readonly draw: Draw }
  | { readonly do: 'send'; readonly call: number; readonly request: number; readonly draw: Draw }
  | { readonly do: 'receive'; readonly call: number }
  | { readonly do: 'credit'; readonly call: number; readonly n: number }
  | { readonly do: 'finish'; readonly call: number }
  | { readonly do: 'cancel'; readonly call: number }
  | { readonly do: 'connect' }
  | { readonly do: 'disconnect'; readonly client: number }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'disturb'; readonly disturbance: Disturbance }
  | { readonly do: 'heal' }
  | { readonly do: 'outage' }
  | Hostility;

/** Something that the end which is not under test, or the network, would never do by itself. */
export type Hostility =
  /** A frame is changed on its way to the end under test: keys laid over it, or its bytes spoilt. */
  | { readonly do: 'tamper'; readonly frame: FrameChoice; readonly how: Tampering }
  /** The end that is not under test carries out a command of its script; the call is one that the command may speak of. */
  | { readonly do: 'interject'; readonly command: number; readonly call: number }
  /** It sends a message put together of parts, each a choice (0: as it should be). */
  | { readonly do: 'forge'; readonly parts: readonly number[]; readonly call: number };

/** How a frame is changed. */
export type Tampering =
  | { readonly word: 'field'; readonly field: number; readonly value: number }
  | { readonly word: 'set'; readonly set: number }
  | { readonly word: 'corrupt'; readonly byte: number }
  | { readonly word: 'truncate'; readonly to: number };

/** What a generated case is made from. */
export interface Scenario {
  readonly setting: number;
  readonly commands: readonly Command[];
  /** Whether open calls are brought to their end; else they must stay open, and quiet. */
  readonly concludes: boolean;
  /** Whether the case looks at what the server's handlers saw. */
  readonly watchesHandlers: boolean;
}
