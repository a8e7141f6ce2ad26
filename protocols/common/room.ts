import { MOST_KEPT_BYTES, PIECE_BYTES } from './limits.ts';

/** What a peer keeps because the other end asks for it, within `MOST_KEPT_BYTES`: each piece costs its bytes and `PIECE_BYTES`. */
export class Room {
  #taken = 0;

  /** Takes what a piece of so many bytes costs, and gives that. */
  take(bytes: number): number {
    const cost = bytes + PIECE_BYTES;
    this.#taken += cost;
    return cost;
  }

  /** Gives back what pieces cost. */
  leave(cost: number): void {
    this.#taken -= cost;
  }

  /** Whether more was taken than there is. */
  get isExhausted(): boolean {
    return this.#taken > MOST_KEPT_BYTES;
  }
}
