import type { Room } from '../../common/room.ts';
import { type CreditedRequestFrame, isRequest, type RequestFrame, type RequestType, type RSocketFrame } from '../frame.ts';
import { Inlet } from './inlet.ts';
import type { Opening } from './responder.ts';

interface Begun {
  readonly type: RequestType;
  readonly n: number;
  readonly inlet: Inlet;
}

/** Requests of the other end whose fragments have not all come. */
export class Openings {
  readonly #begun = new Map<number, Begun>();
  readonly #limit: number;
  readonly #room: Room;

  /** Takes so many bytes for one request, and has this room for all. */
  constructor(limit: number, room: Room) {
    this.#limit = limit;
    this.#room = room;
  }

  /** Whether an id is taken by a request that is not whole yet. */
  has(streamId: number): boolean {
    return this.#begun.has(streamId);
  }

  /** A CANCEL drops what has come (RSOCKET-FRAG-07). */
  drop(streamId: number): void {
    this.#begun.get(streamId)?.inlet.clear();
    this.#begun.delete(streamId);
  }

  /**
   * Takes a request frame, or a PAYLOAD on an id that is taken. Gives the request once it is whole, `too-large` where it never will be,
   * else undefined.
   */
  take(frame: RSocketFrame): Opening | 'too-large' | undefined {
    const { streamId } = frame;
    const begun = isRequest(frame) ? this.#begin(frame) : this.#begun.get(streamId);
    if (begun === undefined) return undefined;
    const arrived = begun.inlet.take(frame);
    if (arrived === 'partial') {
      this.#begun.set(streamId, begun);
      return undefined;
    }
    this.#begun.delete(streamId);
    if (arrived === 'too-large') return arrived;
    const { payload, complete } = arrived;
    return { type: begun.type, streamId, payload, n: begun.n, complete };
  }

  #begin(frame: RequestFrame | CreditedRequestFrame): Begun {
    const n = 'n' in frame ? frame.n : 0;
    return { type: frame.type, n, inlet: new Inlet(this.#limit, this.#room) };
  }
}
