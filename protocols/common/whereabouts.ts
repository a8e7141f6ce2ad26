import type { Frame, MessageFrame, OpeningFrame, Part, Party } from './frame.ts';
import { type DeliveredEvent, fromOf, type SentEvent } from './trace.ts';

/** What a decoder may know of a message beside its bytes: to be had again from a trace on disk. */
export interface Whereabouts extends Place {
  /** Name of the binding. */
  readonly binding: string;
  /** Who sent it, or would have. */
  readonly from: Party;
}

/** What went before a message: the same object for all to which the same belongs, until something is added to it. */
export interface Place {
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
  /** The same of a recorded frame, by what was learned so far. */
  ofEvent(event: SentEvent | DeliveredEvent): Whereabouts;
  /** What goes before such a frame. Who keeps it knows that of the frame when it is forgotten here, and what comes to it before then. */
  at(connection: number, frame: Frame): Place;
}

/** Where nothing went before. */
export const NOWHERE: Place = { openings: [] };

/** Where the parts of one exchange are: each of its heads is added. */
interface Exchange extends Place {
  heads: readonly MessageFrame[];
}

/** Starts with no openings. */
export function startPlaces(binding: string): Places {
  const connections = new Map<number, { readonly openings: OpeningFrame[] }>();
  /** By connection and exchange. */
  const exchanges = new Map<number, Map<number, Exchange>>();
  const placeOf = (connection: number, part: Part | undefined): Place =>
    (part === undefined ? undefined : exchanges.get(connection)?.get(part.exchange)) ?? connections.get(connection) ?? NOWHERE;
  const at: Places['at'] = (connection, frame) => placeOf(connection, frame.class === 'data' ? frame.part : undefined);
  return {
    learn(connection, frame) {
      if (frame.class === 'data' && frame.part?.head === true) {
        const { exchange } = frame.part;
        const known = exchanges.get(connection) ?? new Map<number, Exchange>();
        exchanges.set(connection, known);
        const place = known.get(exchange);
        if (place === undefined) known.set(exchange, { openings: placeOf(connection, undefined).openings, heads: [frame] });
        else place.heads = [...place.heads, frame];
        return true;
      }
      if (frame.class !== 'opening') return false;
      const known = connections.get(connection);
      if (known === undefined) connections.set(connection, { openings: [frame] });
      else known.openings.push(frame);
      return true;
    },
    forgetBefore(connection, frame) {
      const known = exchanges.get(connection);
      if (known === undefined || frame.class !== 'data' || frame.part === undefined) return;
      // Where several requests are under way, answers come in their order: this one's ends those before it.
      const [request] = known.get(frame.part.exchange)?.heads ?? [];
      if (request === frame) return;
      for (const exchange of known.keys()) {
        if (exchange >= frame.part.exchange) return;
        known.delete(exchange);
      }
    },
    forget(connection) {
      connections.delete(connection);
      exchanges.delete(connection);
    },
    of: (connection, from, part) => ({ binding, from, ...placeOf(connection, part) }),
    ofEvent: (event) => ({ binding, from: fromOf(event), ...at(event.connection, event.frame) }),
    at,
  };
}
