import { Room } from '../../common/room.ts';

/**
 * Tracked frames that one end sent, kept until the other says that it has them (RSOCKET-RESUME-04, -05). Of an end that never says so
 * the oldest go when there are too many; whoever wants to go on from there is refused.
 */
export class ResumeStore {
  readonly #frames: { readonly at: number; readonly bytes: Uint8Array; readonly cost: number }[] = [];
  #sent = 0;
  readonly #room = new Room();

  /** Bytes of tracked frames sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Position of the first byte that can be sent again. */
  get first(): number {
    return this.#frames[0]?.at ?? this.#sent;
  }

  /** Keeps a frame, or only counts it. */
  add(bytes: Uint8Array, keep: boolean): void {
    this.#sent += bytes.length;
    if (!keep) return;
    this.#frames.push({ at: this.#sent - bytes.length, bytes, cost: this.#room.take(bytes.length) });
    // Half of them at once: each by itself would move all others each time.
    if (this.#room.isExhausted) this.#drop(Math.ceil(this.#frames.length / 2));
  }

  /** The other end has everything before this position. */
  acknowledge(position: number): void {
    let known = 0;
    while ((this.#frames[known]?.at ?? Infinity) + (this.#frames[known]?.bytes.length ?? 0) <= position) known += 1;
    this.#drop(known);
  }

  /** Whether sending can go on from there: a border between frames that are still kept, or the end. */
  canServe(position: number): boolean {
    return position === this.#sent || this.#frames.some(({ at }) => at === position);
  }

  /** The frames from a position on. */
  from(position: number): readonly Uint8Array[] {
    return this.#frames.filter(({ at }) => at >= position).map(({ bytes }) => bytes);
  }

  #drop(count: number): void {
    for (const { cost } of this.#frames.splice(0, count)) this.#room.leave(cost);
  }
}
