import type { Socket } from 'node:net';
import { concatenate, firstBytes, lengthOf, type Pieces } from '../../../protocols/common/byte-queue.ts';
import { Fifo } from '../../../protocols/common/fifo.ts';
import { GatheredWrites } from './gathered-writes.ts';

/** What an outlet asks of its surroundings. */
export interface OutletEvents {
  /** The socket has taken all that it can; it says so when it takes more. */
  full(): void;
  /** Calls back a moment later, long enough that a network sends what was written before apart from what follows. */
  pause(then: () => void): void;
}

/** Something that waits behind a segment. */
type Waiting = { readonly segment: Pieces } | { readonly write: Pieces } | { readonly end: 'fin' | 'half' | 'rst' };

/**
 * What goes out toward one side of a relayed connection, in order. Bytes may be gathered before they are written; segments are written
 * apart, with a moment between them, since a network joins what comes at once.
 */
export class Outlet {
  readonly #events: OutletEvents;
  readonly #gathered = new GatheredWrites();
  #socket: Socket | undefined;
  /** What waits until the segments before it are written; undefined where none are on their way. */
  #waiting: Fifo<Waiting> | undefined;

  constructor(events: OutletEvents) {
    this.#events = events;
  }

  /** The socket that it leads to. */
  attach(socket: Socket): void {
    this.#socket = socket;
  }

  /** Writes bytes, now or at the next `flush`. */
  write(pieces: Pieces, gathering: boolean): void {
    if (this.#waiting !== undefined) this.#waiting.push({ write: pieces });
    else if (gathering) this.#gathered.add(pieces);
    else this.#send(pieces);
  }

  /** Writes each piece as a segment of its own. */
  writeApart(segments: readonly Pieces[]): void {
    const [first, ...others] = segments;
    if (first === undefined) return;
    if (this.#waiting !== undefined) {
      for (const segment of segments) this.#waiting.push({ segment });
      return;
    }
    this.flush();
    this.#send(first);
    this.#waiting = new Fifo();
    for (const segment of others) this.#waiting.push({ segment });
    this.#events.pause(() => this.#next());
  }

  /** Writes what was gathered. */
  flush(): void {
    this.#send(this.#gathered.take());
  }

  /** Ends the stream once all before it was written: `half`, so that the other direction goes on; with `fin` and `rst` nothing more is read. */
  end(how: 'fin' | 'half' | 'rst'): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push({ end: how });
      return;
    }
    this.flush();
    const socket = this.#socket;
    if (socket === undefined) return;
    if (how !== 'half') socket.resume();
    if (how !== 'rst') socket.end();
    else if (socket.writableLength === 0) reset(socket);
    else socket.write('', () => reset(socket));
  }

  /** What waits, up to the next segment. */
  #next(): void {
    for (let next = this.#waiting?.shift(); next !== undefined; next = this.#waiting?.shift()) {
      if ('write' in next) this.#send(next.write);
      else if ('segment' in next) {
        this.#send(next.segment);
        this.#events.pause(() => this.#next());
        return;
      } else {
        this.#waiting = undefined;
        this.end(next.end);
        return;
      }
    }
    this.#waiting = undefined;
  }

  #send(pieces: Pieces): void {
    const socket = this.#socket;
    if (socket === undefined || pieces.length === 0 || !socket.writable) return;
    if (pieces.length > 1) socket.cork();
    for (const piece of pieces) socket.write(piece);
    if (pieces.length > 1) socket.uncork();
    if (socket.writableNeedDrain) this.#events.full();
  }
}

/** The bytes in so many segments of about the same length (fewer where there are not so many bytes). */
export function segmentsOf(raw: Pieces, count: number): Pieces[] {
  const bytes = concatenate(raw);
  const many = Math.min(count, bytes.length);
  const borders = Array.from({ length: many + 1 }, (_, i) => Math.round((i * bytes.length) / many));
  return borders.slice(1).map((border, i) => [bytes.subarray(borders[i], border)]);
}

/** The bytes in two segments, the first so long (negative: the second is). One where there is nothing to cut off. */
export function cutAt(raw: Pieces, at: number): Pieces[] {
  const length = lengthOf(raw);
  const border = at < 0 ? length + at : at;
  if (border <= 0 || border >= length) return [raw];
  return [firstBytes(raw, border), [concatenate(raw).subarray(border)]];
}

/** Lets go of a socket at once. */
export function reset(socket: Socket): void {
  // A reset waits for a connection that is not there yet, and never ends one that is shutting down.
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
