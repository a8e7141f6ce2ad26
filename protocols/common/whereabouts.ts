import type { Frame, MessageFrame, OpeningFrame, Part, Party } from './frame.ts';

/** What a decoder may know of a message beside its bytes: to be had again from a trace on disk. */
export interface Whereabouts {
  /** Name of the binding. */
  readonly binding: string;
  /** Who sent it, or would have. */
  readonly from: Party;
  /** What went before the messages on its connection, in order, where the protocol sees that. */
  readonly openings: readonly OpeningFrame[];
  /** Of a part of a message: the heads of its exchange that came so far, of either end, in order. Absent where there are none. */
  readonly heads?: readonly MessageFrame[];
}

/** Keeps the openings of connections, so that each message can be told where it is. */
export interface Places {
  /** Takes a frame of a connection; only one that opens it, or is the head of a message, is kept. */
  learn(connection: number, frame: Frame): void;
  /** `part` of the frame that is asked about, where it is one. */
  of(connection: number, from: Party, part?: Part): Whereabouts;
}

const NONE: readonly OpeningFrame[] = [];

/** Starts with no openings. */
export function startPlaces(binding: string): Places {
  const openings = new Map<number, OpeningFrame[]>();
  const heads = new Map<string, MessageFrame[]>();
  return {
    learn(connection, frame) {
      if (frame.class === 'data' && frame.part?.head === true) {
        const key = `${connection}:${frame.part.exchange}`;
        heads.set(key, [...(heads.get(key) ?? []), frame]);
      }
      if (frame.class !== 'opening') return;
      const known = openings.get(connection);
      if (known === undefined) openings.set(connection, [frame]);
      else known.push(frame);
    },
    of(connection, from, part) {
      const known = part === undefined ? undefined : heads.get(`${connection}:${part.exchange}`);
      return { binding, from, openings: openings.get(connection) ?? NONE, ...(known === undefined ? {} : { heads: known }) };
    },
  };
}
