import { MAX_31 } from '../frame.ts';

/** The stream ids of a session, as one end counts them: its own have one parity, the other end's the other (RSOCKET-STREAMID-01, -02). */
export class StreamIds {
  readonly #side: 'client' | 'server';
  #nextId: number;
  /** The highest ids that were used, of this end and of the other. */
  #lastOwn = 0;
  #lastForeign = 0;

  /** `first` is the id that this end begins with, where it isn't the lowest. */
  constructor(side: 'client' | 'server', first = lowestOf(side)) {
    this.#side = side;
    this.#nextId = first;
  }

  /** Whether an id has the parity of this end's. */
  isOwn(streamId: number): boolean {
    return (streamId % 2 === 1) === (this.#side === 'client');
  }

  /** Whether this end has opened a stream, or has heard of the other end's doing so; it may be over. */
  knows(streamId: number): boolean {
    return streamId <= (this.isOwn(streamId) ? this.#lastOwn : this.#lastForeign);
  }

  /** The other end has opened a stream. */
  heard(streamId: number): void {
    this.#lastForeign = Math.max(this.#lastForeign, streamId);
  }

  /** The next id of this end, used up; after the last it begins anew, without those in use (RSOCKET-STREAMID-05). */
  take(isInUse: (streamId: number) => boolean): number {
    while (isInUse(this.#nextId)) this.#advance();
    const id = this.#nextId;
    this.#lastOwn = Math.max(this.#lastOwn, id);
    this.#advance();
    return id;
  }

  #advance(): void {
    const next = this.#nextId + 2;
    this.#nextId = next > MAX_31 ? lowestOf(this.#side) : next;
  }
}

function lowestOf(side: 'client' | 'server'): number {
  return side === 'client' ? 1 : 2;
}
