import type { Room } from '../../common/room.ts';
import { Assembly } from '../assembly.ts';
import { completes, FLAG, follows, has, isRequest, type RSocketFrame } from '../frame.ts';
import type { Payload } from '../frames.ts';

/** What is said of a payload that is larger than the end that receives it takes (RSOCKET-FRAG-08). */
export const TOO_LARGE = 'a payload is larger than this end takes';

/** What came of a direction with one more frame, where it is whole. */
export interface Arrived {
  /** What all fragments make together (RSOCKET-FRAG-04). */
  readonly payload: Payload;
  /** False for a PAYLOAD that says only that no more comes. */
  readonly isItem: boolean;
  /** No more comes. */
  readonly complete: boolean;
}

/** One direction of a stream at the end that receives it: puts together what comes in fragments. */
export class Inlet {
  readonly #limit: number;
  readonly #room: Room;
  #parts: Assembly | undefined;
  #complete = false;

  /** Takes so many bytes for one payload, of a room where other payloads take theirs. */
  constructor(limit: number, room: Room) {
    this.#limit = limit;
    this.#room = room;
  }

  /** Takes a request or a PAYLOAD. `partial` where more of it is to come, `too-large` where it never will be whole: what came is forgotten. */
  take(frame: RSocketFrame): Arrived | 'partial' | 'too-large' {
    const complete = completes(frame);
    const partial = follows(frame);
    if (!partial && this.#parts === undefined) {
      const { metadata, data } = frame;
      return { payload: { metadata, data }, isItem: has(frame, FLAG.NEXT) || isRequest(frame), complete };
    }
    this.#parts ??= new Assembly(this.#room);
    this.#parts.add(frame);
    this.#complete ||= complete;
    if (this.#parts.exceeds(this.#limit)) {
      this.clear();
      return 'too-large';
    }
    if (partial) return 'partial';
    // Whoever leaves N out of the last fragment means an item all the same (RSOCKET-FRAG-09).
    const arrived = { payload: this.#parts.whole(), isItem: true, complete: this.#complete };
    this.clear();
    return arrived;
  }

  /** Forgets what came of a payload that never will be whole (RSOCKET-FRAG-07). */
  clear(): void {
    this.#parts?.leave();
    this.#parts = undefined;
    this.#complete = false;
  }
}
