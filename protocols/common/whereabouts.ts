import type { Frame, OpeningFrame, Role } from './frame.ts';

/** What a decoder may know of a message beside its bytes: to be had again from a trace on disk. */
export interface Whereabouts {
  /** Name of the binding. */
  readonly binding: string;
  /** Who sent it, or would have. */
  readonly from: Role;
  /** What went before the messages on its connection, in order, where the protocol sees that. */
  readonly openings: readonly OpeningFrame[];
}

/** Keeps the openings of connections, so that each message can be told where it is. */
export interface Places {
  /** Takes a frame of a connection; only one that opens is kept. */
  learn(connection: number, frame: Frame): void;
  of(connection: number, from: Role): Whereabouts;
}

const NONE: readonly OpeningFrame[] = [];

/** Starts with no openings. */
export function startPlaces(binding: string): Places {
  const openings = new Map<number, OpeningFrame[]>();
  return {
    learn(connection, frame) {
      if (frame.class !== 'opening') return;
      const known = openings.get(connection);
      if (known === undefined) openings.set(connection, [frame]);
      else known.push(frame);
    },
    of: (connection, from) => ({ binding, from, openings: openings.get(connection) ?? NONE }),
  };
}
