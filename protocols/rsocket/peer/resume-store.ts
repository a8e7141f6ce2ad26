import { Fifo } from '../../common/fifo.ts';
import { Room } from '../../common/room.ts';

/**
 * Tracked frames that one end sent, kept until the other says that it has them (RSOCKET-RESUME-04, -05). Of an end that never says so
 * the oldest go when there are too many; whoever wants to go on from there is refused.
 */
export class ResumeStore {
  readonly #frames = new Fifo<{ readonly at: number; readonly bytes: Uint8Array; readonly cost: number }>();
  #sent = 0;
  readonly #room = new Room();

  /** Bytes of tracked frames sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Position of the first byte that can be sent again. */
  get first(): number {
    return this.#frames.first?.at ?? this.#sent;
  }

  /** Keeps a frame, or only counts it. */
  add(bytes: Uint8Array, keep: boolean): void {
    this.#sent += bytes.length;
    if (!keep) return;
    this.#frames.push({ at: this.#sent - bytes.length, bytes, cost: this.#room.take(bytes.length) });
    while (this.#room.isExhausted && this.#frames.length > 0) this.#drop();
  }

  /** The other end has everything before this position. */
  acknowledge(position: number): void {
    while ((this.#frames.first?.at ?? Infinity) + (this.#frames.first?.bytes.length ?? 0) <= position) this.#drop();
  }

  /** Whether sending can go on from there: a border between frames that are still kept, or the end. */
  canServe(position: number): boolean {
    return position === this.#sent || [...this.#frames].some(({ at }) => at === position);
  }

  /** The frames from a position on. */
  from(position: number): readonly Uint8Array[] {
    return [...this.#frames].filter(({ at }) => at >= position).map(({ bytes }) => bytes);
  }

  #drop(): void {
    this.#room.leave(this.#frames.shift()?.cost ?? 0);
  }
}
