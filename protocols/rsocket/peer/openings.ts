import type { Room } from '../../common/room.ts';
import { FLAG, has, isRequest, type RequestType, type RSocketFrame } from '../frame.ts';
import { Assembly } from './fragments.ts';
import type { Opening } from './responder.ts';

interface Partial {
  readonly type: RequestType;
  readonly n: number;
  complete: boolean;
  readonly assembly: Assembly;
}

/** Requests of the other end whose fragments have not all come. */
export class Openings {
  readonly #partial = new Map<number, Partial>();
  readonly #limit: number;
  readonly #room: Room;

  /** Takes so many bytes for one request, and has this room for all. */
  constructor(limit: number, room: Room) {
    this.#limit = limit;
    this.#room = room;
  }

  /** Whether an id is taken by a request that is not whole yet. */
  has(streamId: number): boolean {
    return this.#partial.has(streamId);
  }

  /** A CANCEL drops what has come (RSOCKET-FRAG-07). */
  drop(streamId: number): void {
    this.#partial.get(streamId)?.assembly.leave();
    this.#partial.delete(streamId);
  }

  /**
   * Takes a request frame, or a PAYLOAD on an id that is taken. Gives the request once it is whole, `too-large` where it never will be,
   * else undefined.
   */
  take(frame: RSocketFrame): Opening | 'too-large' | undefined {
    const { streamId } = frame;
    const channel = frame.type === 'REQUEST_CHANNEL' || this.#partial.get(streamId)?.type === 'REQUEST_CHANNEL';
    const complete = has(frame, FLAG.COMPLETE) && (channel || frame.type === 'PAYLOAD');
    const follows = has(frame, FLAG.FOLLOWS) && !(frame.type === 'PAYLOAD' && complete);
    if (isRequest(frame)) {
      const n = 'n' in frame ? frame.n : 0;
      if (!follows) {
        const { metadata, data } = frame;
        return { type: frame.type, streamId, payload: { metadata, data }, n, complete };
      }
      this.#partial.set(streamId, { type: frame.type, n, complete, assembly: new Assembly(this.#room) });
    }
    const partial = this.#partial.get(streamId);
    if (partial === undefined) return undefined;
    partial.assembly.add(frame);
    partial.complete ||= complete;
    if (partial.assembly.exceeds(this.#limit)) {
      this.drop(streamId);
      return 'too-large';
    }
    if (follows) return undefined;
    this.drop(streamId);
    return { type: partial.type, streamId, payload: partial.assembly.whole(), n: partial.n, complete: partial.complete };
  }
}
