/**
 * What may be asked of whoever decodes something, told before it is decoded: a few bytes can stand for a thousand times as much
 * memory. docs/performance.md has them all in one table.
 */
export interface Limits {
  /** Levels of lists and maps inside each other. */
  readonly depth: number;
  /** Items of all lists and entries of all maps together. */
  readonly values: number;
}

/**
 * Of one message on the wire. Applications nest a few levels; 512 are walked by every judge without exhausting the stack. 262,144
 * values take 30 MiB and a fifth of a second at most, whatever they are.
 */
export const MESSAGE_LIMITS: Limits = { depth: 512, values: 2 ** 18 };

/**
 * Of one file that a run left (results, bundles, traces): several million case-runs' worth, and about a gibibyte once it is read.
 * A level more than a message has, several times over, since records hold messages.
 */
export const FILE_LIMITS: Limits = { depth: 4 * 512, values: 2 ** 24 };

/** Values of all messages of one run, decoded for its judges: a million ordinary messages, a gibibyte or two at most. */
export const RUN_VALUES = 2 ** 24;

/** Digits of a big integer. Reading and writing one takes time that grows with their square; keys of 8192 bits have 2,467. */
export const LONGEST_BIGINT = 4096;

/** Frames, fragments or repetitions that one step of a case asks for; each costs time and memory at once. */
export const MOST_AT_ONCE = 1_000_000;

/** Items that a procedure of the test services makes for one call: whoever asks for more gets so many, and others are served besides. */
export const MOST_ITEMS = 1_000_000;

/** Bytes of all of them together. */
export const MOST_ITEM_BYTES = 256 * 1024 * 1024;

/**
 * Bytes that a peer keeps because the other end asks for it: requests of a call until there are no more, fragments until the last has
 * come, what may be sent again. What is kept in small pieces costs far more than its bytes, so each counts as `PIECE_BYTES` more.
 */
export const MOST_KEPT_BYTES = 256 * 1024 * 1024;

/** Pieces of what is kept, where a run may need a million. */
export const MOST_PIECES = 2 ** 20;

/** What a piece that is kept costs beside its bytes, about. */
export const PIECE_BYTES = 256;

/** Calls of the other end that are open at once on one connection. */
export const MOST_CALLS = 2 ** 16;

/** How many items a procedure makes of those that somebody asks for, each of so many bytes. None for what is no number. */
export function itemsWithin(asked: number, bytesEach = 0, most = MOST_ITEMS): number {
  const limit = bytesEach === 0 ? most : Math.min(most, Math.ceil(MOST_ITEM_BYTES / bytesEach));
  return Number.isNaN(asked) ? 0 : Math.trunc(Math.min(Math.max(0, asked), limit));
}

/** What a look at the bytes says: how many values they hold, or what is too much. What is malformed is left to the decoder. */
export type Surveyed = { readonly ok: true; readonly values: number } | { readonly ok: false; readonly error: string };

/** Counts the values that are decoded for one run. */
export interface Meter {
  /** Takes so many more. Gives the limit in words when it is passed. */
  spend(values: number): string | undefined;
}

/** A meter that stops at `most` values. */
export function createMeter(most = RUN_VALUES): Meter {
  let spent = 0;
  return {
    spend(values) {
      if (spent + values > most) return `the messages of this run hold more than ${most} values together`;
      spent += values;
      return undefined;
    },
  };
}

/** The reason why something nested too deep is refused. */
export function tooDeep({ depth }: Limits): Surveyed {
  return { ok: false, error: `nested more than ${depth} levels deep` };
}

/** The reason why something with too many values is refused. */
export function tooMany({ values }: Limits): Surveyed {
  return { ok: false, error: `more than ${values} values` };
}
