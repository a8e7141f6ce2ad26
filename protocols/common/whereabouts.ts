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
  /** Takes a frame of a connection; only one that opens it, or is the head of a message, is kept. True where it was kept. */
  learn(connection: number, frame: Frame): boolean;
  /** Nobody asks any more about what went over a connection before this frame of it, which was kept. */
  forgetBefore(connection: number, frame: Frame): void;
  /** Nobody asks any more about anything of a connection. */
  forget(connection: number): void;
  /** `part` of the frame that is asked about, where it is one. */
  of(connection: number, from: Party, part?: Part): Whereabouts;
}

const NONE: readonly OpeningFrame[] = [];

/** Starts with no openings. */
export function startPlaces(binding: string): Places {
  const openings = new Map<number, OpeningFrame[]>();
  /** By connection and exchange, each in order. */
  const heads = new Map<number, Map<number, MessageFrame[]>>();
  return {
    learn(connection, frame) {
      if (frame.class === 'data' && frame.part?.head === true) {
        const { exchange } = frame.part;
        const exchanges = heads.get(connection) ?? new Map<number, MessageFrame[]>();
        heads.set(connection, exchanges);
        exchanges.set(exchange, [...(exchanges.get(exchange) ?? []), frame]);
        return true;
      }
      if (frame.class !== 'opening') return false;
      const known = openings.get(connection);
      if (known === undefined) openings.set(connection, [frame]);
      else known.push(frame);
      return true;
    },
    forgetBefore(connection, frame) {
      const exchanges = heads.get(connection);
      if (exchanges === undefined || frame.class !== 'data' || frame.part === undefined) return;
      // Where several requests are under way, answers come in their order: this one's ends those before it.
      const [request] = exchanges.get(frame.part.exchange) ?? [];
      if (request === frame) return;
      for (const exchange of exchanges.keys()) {
        if (exchange >= frame.part.exchange) return;
        exchanges.delete(exchange);
      }
    },
    forget(connection) {
      openings.delete(connection);
      heads.delete(connection);
    },
    of(connection, from, part) {
      const known = part === undefined ? undefined : heads.get(connection)?.get(part.exchange);
      return { binding, from, openings: openings.get(connection) ?? NONE, ...(known === undefined ? {} : { heads: known }) };
    },
  };
}
